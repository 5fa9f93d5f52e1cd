package io.groupmembership.cli.certs;

import io.groupmembership.certificates.CertificateRequest;
import io.groupmembership.certificates.CertificateUsage;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.show.DurationText;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Signs one certificate. */
@Command(
        name = "issue",
        description = "Sign a certificate, into a directory of its name.",
        footer = {
            "",
            "Nodes know their caller by it: the name is the user, and each --group one of its groups. Two have a",
            "meaning: groupmembership.io:nodes is for nodes, groupmembership.io:admins for who may do everything."
        })
final class CertsIssueCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "NAME", description = "Whose it is: a user, or a node's id.")
    private String name = "";

    @Mixin
    private final CertificateOptions options = new CertificateOptions();

    @Option(names = "--group", paramLabel = "GROUP", description = "A group of this user; may come more than once.")
    private List<String> groups = new ArrayList<>();

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "A name or address that it serves under; may come more than once. Without one it is for"
                    + " clients only.")
    private List<String> hosts = new ArrayList<>();

    @Option(
            names = "--life",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "How long it is good (default 365d).")
    private Duration life = CertificateOptions.LIFE;

    @Option(names = "--force", description = "Replace what the directory has under this name.")
    private boolean force;

    CertsIssueCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        CertificateSet set = options.set();
        set.directory(name);
        CertificateRequest request = CertificateOptions.checked(() -> new CertificateRequest(
                name, groups, CertificateOptions.dnsNames(hosts), CertificateOptions.ips(hosts), usages(), life));
        CertificateOptions.show(invocation, List.of(set.issue(name, request, force, Instant.now())));
        return ExitCode.OK;
    }

    private Set<CertificateUsage> usages() {
        return hosts.isEmpty() && !groups.contains(CertificateRequest.NODES)
                ? EnumSet.of(CertificateUsage.CLIENT)
                : EnumSet.allOf(CertificateUsage.class);
    }
}
