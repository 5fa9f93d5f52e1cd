package io.groupmembership.cli.http;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.kubernetes.KubernetesCluster;
import io.groupmembership.cli.kubernetes.KubernetesOptions;
import io.groupmembership.cli.local.ClusterDirectory;
import io.groupmembership.cli.local.UpFile;
import io.groupmembership.cli.show.DurationText;
import io.groupmembership.protocol.cluster.ClusterFile;
import io.groupmembership.protocol.tls.TlsFiles;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Whom to ask, how, and for how long. */
public final class ServerOptions {
    @Option(
            names = "--server",
            paramLabel = "URL[,URL]",
            description = "Nodes to ask; the next one stands in for one that fails."
                    + " Default: $GM_SERVER, else the nodes of gm up.")
    private Optional<String> server = Optional.empty();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = DurationText.class,
            description = "Time limit of the command, all attempts together (default 10s).")
    private Duration timeout = Duration.ofSeconds(10);

    @ArgGroup(validate = false, order = 90, heading = TlsOptions.HEADING)
    private final TlsOptions tls = new TlsOptions();

    @ArgGroup(validate = false, order = 91, heading = "%nOn Kubernetes, in place of those:%n")
    private final KubernetesOptions kubernetes = new KubernetesOptions();

    /**
     * Whom to ask, and how.
     *
     * @param servers base URLs, one at least
     */
    public record Target(List<URI> servers, Connector connector) {}

    public Duration timeout() {
        return timeout;
    }

    public ApiClient client(Invocation invocation) {
        Target target = target(invocation);
        return new ApiClient(target.connector(), target.servers(), timeout);
    }

    /**
     * What {@code --server} or {@code --kubernetes} says, else GM_SERVER, else GM_KUBERNETES, else the nodes of the {@code
     * gm up} that runs, else its usual ports.
     */
    public Target target(Invocation invocation) {
        if (kubernetes.isGiven() && (server.isPresent() || tls.isGiven())) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "--kubernetes: says by itself where nodes are and what they are known by: leave --server, --ca,"
                            + " --certificate, --key, --token-file and --server-name away");
        }
        Optional<String> urls = server.or(() -> invocation.variable("GM_SERVER"));
        Optional<KubernetesCluster> cluster =
                kubernetes.isGiven() || urls.isEmpty() ? kubernetes.cluster(invocation) : Optional.empty();
        return cluster.map(ServerOptions::target).orElseGet(() -> target(invocation, urls));
    }

    private static Target target(KubernetesCluster cluster) {
        return new Target(
                List.of(cluster.server()),
                new Connector(cluster.files(), Optional.of(cluster.serverName()), cluster.token()));
    }

    private Target target(Invocation invocation, Optional<String> text) {
        ClusterDirectory directory = new ClusterDirectory(invocation.defaultDataDirectory());
        Optional<List<URI>> local = text.isPresent() ? Optional.empty() : localNodes(directory);
        Optional<TlsFiles> localFiles = local.flatMap(_ -> directory.tls().administrator());
        Connector connector = tls.connector(invocation, localFiles);
        return new Target(
                text.map(servers -> ServerList.parse(servers, connector))
                        .or(() -> local)
                        .orElse(ServerList.LOCAL),
                connector);
    }

    private static Optional<List<URI>> localNodes(ClusterDirectory directory) {
        if (UpFile.read(directory.upFile()).isEmpty()) {
            return Optional.empty();
        }
        try {
            Optional<ClusterFile> cluster = directory.read();
            return cluster.isEmpty() ? Optional.empty() : Optional.of(directory.urls(directory.nodes(cluster.get())));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
