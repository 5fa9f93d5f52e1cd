package io.groupmembership.cli.certs;

import io.groupmembership.certificates.CertificateRequest;
import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.show.DurationText;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a CA with certificates for nodes and one administrator. */
@Command(
        name = "init",
        description = "Make a CA, and certificates for node-1 and so on and for an administrator.",
        footer = {
            "",
            "A node is started with GM_TLS_DIR=DIR/node-1. Whoever calls it gets DIR/ca.crt, and a certificate of",
            "gm certs issue to be known by. DIR/ca.key stays here: who has it can be anybody."
        })
final class CertsInitCommand implements Callable<Integer> {
    static final String ADMINISTRATOR = "admin";
    private static final int MOST_NODES = 7;
    private static final List<String> HERE = List.of("localhost", "127.0.0.1", "::1");

    private final Invocation invocation;

    @Mixin
    private final CertificateOptions options = new CertificateOptions();

    @Option(names = "--nodes", paramLabel = "N", description = "Certificates for how many nodes, 0 to 7 (default 3).")
    private int nodes = 3;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "A name or address of the nodes, as in *.example.org; may come more than once."
                    + " Each node has its id and localhost besides.")
    private List<String> hosts = new ArrayList<>();

    @Option(
            names = "--life",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "Of the certificates (default 365d).")
    private Duration life = CertificateOptions.LIFE;

    @Option(
            names = "--ca-life",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "Of the CA (default 3650d).")
    private Duration authorityLife = CertificateOptions.AUTHORITY_LIFE;

    CertsInitCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        if (nodes < 0 || nodes > MOST_NODES) {
            throw new CliFailure(ExitCode.USAGE, "--nodes " + nodes + ": must be 0 to " + MOST_NODES);
        }
        Map<String, CertificateRequest> requests = new LinkedHashMap<>();
        for (int i = 1; i <= nodes; i++) {
            String nodeId = "node-" + i;
            requests.put(nodeId, CertificateOptions.checked(() -> node(nodeId, hosts, life)));
        }
        requests.put(ADMINISTRATOR, administrator(life));
        CertificateSet set = options.set();
        Instant now = Instant.now();
        set.make(CertificateOptions.AUTHORITY_NAME, authorityLife, now);
        List<CertificateSet.Issued> issued = new ArrayList<>();
        for (Map.Entry<String, CertificateRequest> request : requests.entrySet()) {
            issued.add(set.issue(request.getKey(), request.getValue(), false, now));
        }
        CertificateOptions.show(invocation, issued);
        invocation
                .out()
                .println("the CA is in " + set.path() + ", until "
                        + CertificateOptions.until(
                                set.bundle().getFirst().getNotAfter().toInstant()));
        return ExitCode.OK;
    }

    /** Of a node that is called by its id, by these, and from its own machine. */
    static CertificateRequest node(String nodeId, List<String> hosts, Duration life) {
        List<String> all =
                Stream.of(List.of(nodeId), hosts, HERE).flatMap(List::stream).toList();
        return CertificateRequest.node(nodeId, CertificateOptions.dnsNames(all), CertificateOptions.ips(all), life);
    }

    static CertificateRequest administrator(Duration life) {
        return CertificateRequest.client(ADMINISTRATOR, List.of(CertificateRequest.ADMINISTRATORS), life);
    }
}
