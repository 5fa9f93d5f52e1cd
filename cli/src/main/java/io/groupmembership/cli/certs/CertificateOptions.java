package io.groupmembership.cli.certs;

import io.groupmembership.certificates.CertificateRequest;
import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.show.Table;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** Which directory a command is about, and how certificates are shown. */
final class CertificateOptions {
    static final String AUTHORITY_NAME = "groupmembership-ca";
    static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    static final Duration LIFE = Duration.ofDays(365);

    @Option(names = "--directory", paramLabel = "DIR", description = "Where the CA is (default certs).")
    private Path directory = Path.of("certs");

    CertificateSet set() {
        return new CertificateSet(directory);
    }

    /** What a request names wrongly is wrong usage. */
    static CertificateRequest checked(Supplier<CertificateRequest> request) {
        try {
            return request.get();
        } catch (IllegalArgumentException e) {
            throw new CliFailure(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }

    static List<String> dnsNames(List<String> hosts) {
        return hosts.stream().filter(host -> !CertificateRequest.isIp(host)).toList();
    }

    static List<String> ips(List<String> hosts) {
        return hosts.stream().filter(CertificateRequest::isIp).toList();
    }

    static void show(Invocation invocation, List<CertificateSet.Issued> certificates) {
        Table table = new Table("NAME", "GROUPS", "UNTIL", "HOSTS");
        certificates.forEach(issued -> {
            CertificateRequest like = issued.request(LIFE);
            table.row(
                    issued.name(),
                    String.join(",", like.groups()),
                    until(issued.certificate().getNotAfter().toInstant()),
                    String.join(",", like.hosts()));
        });
        table.print(invocation.out());
    }

    static Instant until(Instant end) {
        return end.truncatedTo(ChronoUnit.SECONDS);
    }
}
