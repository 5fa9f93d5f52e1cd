package io.groupmembership.cli.kubernetes;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import io.groupmembership.protocol.Names;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which cluster of Kubernetes to ask, and as whom. */
public final class KubernetesOptions {
    @Option(
            names = "--kubernetes",
            paramLabel = "[NAMESPACE/]CLUSTER",
            description = "Ask this GroupMembershipCluster by kubectl, through a forwarded port."
                    + " Default: $GM_KUBERNETES. NAMESPACE is that of the kubeconfig where none is said.")
    private Optional<String> cluster = Optional.empty();

    @Option(names = "--context", paramLabel = "NAME", description = "Of the kubeconfig (default: its current one).")
    private Optional<String> context = Optional.empty();

    @Option(
            names = "--service-account",
            paramLabel = "[NAMESPACE/]NAME",
            description = "Ask as this service account, which kubectl must be allowed to make a token for."
                    + " Default: $GM_SERVICE_ACCOUNT.")
    private Optional<String> serviceAccount = Optional.empty();

    /** Whether the command line has any of them. */
    public boolean isGiven() {
        return cluster.isPresent() || context.isPresent() || serviceAccount.isPresent();
    }

    /** The cluster that is to be asked; empty where that is none of Kubernetes. */
    public Optional<KubernetesCluster> cluster(Invocation invocation) {
        Optional<String> named = cluster.or(() -> invocation.variable("GM_KUBERNETES"));
        if (named.isEmpty() && isGiven()) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "--kubernetes: is missing beside " + (context.isPresent() ? "--context" : "--service-account"));
        }
        return named.map(text -> KubernetesCluster.find(
                new Kubectl(invocation.environment(), context),
                ObjectName.parse("--kubernetes", text),
                serviceAccount
                        .or(() -> invocation.variable("GM_SERVICE_ACCOUNT"))
                        .map(account -> ObjectName.parse("--service-account", account))));
    }

    /** An object of Kubernetes as people write it: {@code NAMESPACE/NAME}, or {@code NAME} for a namespace that is known. */
    record ObjectName(Optional<String> namespace, String name) {
        static ObjectName parse(String option, String text) {
            int slash = text.indexOf('/');
            ObjectName parsed = new ObjectName(
                    slash < 0 ? Optional.empty() : Optional.of(text.substring(0, slash)), text.substring(slash + 1));
            parsed.namespace
                    .flatMap(Names::namespaceProblem)
                    .or(() -> Names.memberIdProblem(parsed.name))
                    .ifPresent(phrase -> {
                        throw new CliFailure(ExitCode.USAGE, option + " '" + text + "': " + phrase);
                    });
            return parsed;
        }
    }
}
