package io.groupmembership.cli.certs;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.certificates.CertificateAuthority;
import io.groupmembership.certificates.KeyedCertificate;
import io.groupmembership.certificates.Pem;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.GmRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CertsCommandTest {
    @TempDir
    private Path temp = Path.of("");

    private GmRun certs(String... arguments) {
        List<String> all = new ArrayList<>(List.of("certs"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--directory", directory().toString()));
        return GmRun.of("http://127.0.0.1:1", all.toArray(String[]::new));
    }

    private Path directory() {
        return temp.resolve("made/certs");
    }

    private List<X509Certificate> read(String file) throws Exception {
        return Pem.readCertificates(Files.readString(directory().resolve(file)));
    }

    private CertificateAuthority authority() throws Exception {
        return new CertificateAuthority(KeyedCertificate.read(
                Files.readString(directory().resolve("ca.crt")),
                Files.readString(directory().resolve("ca.key"))));
    }

    @Test
    void initMakesACaAndCertificatesForNodesAndAnAdministrator() throws Exception {
        GmRun run = certs("init", "--host", "10.0.0.1", "--host", "*.nodes.example.org", "--nodes", "2");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
        X509Certificate node = read("node-2/tls.crt").getFirst();
        assertThat(authority().signed(node)).isTrue();
        assertThat(node.getSubjectX500Principal().getName()).isEqualTo("CN=node-2,O=groupmembership.io:nodes");
        assertThat(node.getSubjectAlternativeNames().toString())
                .contains("node-2", "10.0.0.1", "*.nodes.example.org", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(node.getExtendedKeyUsage()).hasSize(2);
        X509Certificate admin = read("admin/tls.crt").getFirst();
        assertThat(admin.getSubjectX500Principal().getName()).isEqualTo("CN=admin,O=groupmembership.io:admins");
        assertThat(admin.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(CertificateAuthority.lifeOf(admin)).isEqualTo(Duration.ofDays(365));
        assertThat(read("node-1/ca.crt")).isEqualTo(read("ca.crt"));
        assertThat(directory().resolve("node-3")).doesNotExist();
        assertThat(run.out()).contains("node-1", "admin", "groupmembership.io:admins");
    }

    @Test
    void keysAndDirectoriesAreTheirOwnersAlone() throws Exception {
        certs("init");

        for (String key : List.of("ca.key", "node-1/tls.key", "admin/tls.key")) {
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(directory().resolve(key))))
                    .as(key)
                    .isEqualTo("rw-------");
        }
        for (Path directory : List.of(directory(), directory().resolve("node-1"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void nothingIsOverwrittenUnlessThatWasAsked() throws Exception {
        certs("init");
        String key = Files.readString(directory().resolve("ca.key"));
        String admin = Files.readString(directory().resolve("admin/tls.crt"));

        GmRun init = certs("init");
        GmRun issue = certs("issue", "admin");

        assertThat(init.exitCode()).isEqualTo(ExitCode.CONFLICT);
        assertThat(init.err()).contains("has a CA already");
        assertThat(issue.exitCode()).isEqualTo(ExitCode.CONFLICT);
        assertThat(Files.readString(directory().resolve("ca.key"))).isEqualTo(key);
        assertThat(Files.readString(directory().resolve("admin/tls.crt"))).isEqualTo(admin);
        assertThat(certs("issue", "admin", "--force").exitCode()).isEqualTo(ExitCode.OK);
        assertThat(Files.readString(directory().resolve("admin/tls.crt"))).isNotEqualTo(admin);
    }

    @Test
    void issueSignsForAUserWithGroupsAndForAServerWhereItHasHosts() throws Exception {
        certs("init", "--nodes", "0");

        GmRun user = certs("issue", "ann@example.org", "--group", "team-a", "--group", "team-b", "--life", "30d");
        certs("issue", "proxy", "--host", "proxy.example.org");

        assertThat(user.err()).isEmpty();
        X509Certificate ann = read("ann@example.org/tls.crt").getFirst();
        assertThat(ann.getSubjectX500Principal().getName()).isEqualTo("CN=ann@example.org,O=team-b,O=team-a");
        assertThat(CertificateAuthority.lifeOf(ann)).isEqualTo(Duration.ofDays(30));
        assertThat(ann.getExtendedKeyUsage()).hasSize(1);
        assertThat(read("proxy/tls.crt").getFirst().getExtendedKeyUsage()).hasSize(2);
        KeyedCertificate.read(
                Files.readString(directory().resolve("proxy/tls.crt")),
                Files.readString(directory().resolve("proxy/tls.key")));
    }

    @Test
    void whatIsWronglyNamedIsWrongUsage() {
        certs("init", "--nodes", "0");

        for (List<String> wrong : List.of(
                List.of("issue", "../x"),
                List.of("issue", "a/b"),
                List.of("issue", ".hidden"),
                List.of("issue", "ca.crt"),
                List.of("issue", "a", "--host", "no host"),
                List.of("issue", "a", "--host", "10.0.0.999"),
                List.of("issue", "a", "--group", ""),
                List.of("issue", "a", "--life", "30"),
                List.of("renew", "--new-ca", "--drop-old-ca"),
                List.of("renew", "a", "--new-ca"),
                List.of("init", "--nodes", "8"))) {
            GmRun run = certs(wrong.toArray(String[]::new));
            assertThat(run.exitCode()).as(wrong + " " + run.err()).isEqualTo(ExitCode.USAGE);
            assertThat(run.err().lines()).hasSize(1);
        }
        assertThat(temp.resolve("x")).doesNotExist();
    }

    @Test
    void renewKeepsWhoAndWhereAndChangesTheKey() throws Exception {
        certs("init", "--host", "n.example.org", "--nodes", "1", "--life", "90d");
        X509Certificate before = read("node-1/tls.crt").getFirst();
        X509Certificate admin = read("admin/tls.crt").getFirst();

        GmRun run = certs("renew", "node-1");

        X509Certificate after = read("node-1/tls.crt").getFirst();
        assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(after.getPublicKey()).isNotEqualTo(before.getPublicKey());
        assertThat(after.getSubjectX500Principal()).isEqualTo(before.getSubjectX500Principal());
        assertThat(List.copyOf(after.getSubjectAlternativeNames()))
                .isEqualTo(List.copyOf(before.getSubjectAlternativeNames()));
        assertThat(CertificateAuthority.lifeOf(after)).isEqualTo(Duration.ofDays(90));
        assertThat(read("admin/tls.crt").getFirst()).isEqualTo(admin);
        assertThat(certs("renew", "nobody").exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    }

    @Test
    void theCaIsChangedInThreeStepsAndAtEachEverybodyTrustsWhatEverybodyShows() throws Exception {
        certs("init", "--nodes", "2");
        X509Certificate old = read("ca.crt").getFirst();

        assertThat(certs("renew", "--new-ca").err()).isEmpty();
        List<X509Certificate> both = read("ca.crt");
        assertThat(both).hasSize(2).last().isEqualTo(old);
        assertThat(read("node-1/ca.crt")).isEqualTo(both);
        assertThat(old.getSubjectX500Principal())
                .isEqualTo(read("node-1/tls.crt").getFirst().getIssuerX500Principal());
        assertThat(certs("renew", "--new-ca").exitCode()).isEqualTo(ExitCode.CONFLICT);
        assertThat(certs("renew", "--drop-old-ca").exitCode()).isEqualTo(ExitCode.CONFLICT);

        assertThat(certs("renew").out()).contains("--drop-old-ca");
        assertThat(authority().signed(read("node-2/tls.crt").getFirst())).isTrue();
        assertThat(authority().signed(read("admin/tls.crt").getFirst())).isTrue();
        assertThat(read("node-2/ca.crt")).isEqualTo(both);

        assertThat(certs("renew", "--drop-old-ca").err()).isEmpty();
        assertThat(read("ca.crt")).containsExactly(both.getFirst());
        assertThat(read("node-1/ca.crt")).containsExactly(both.getFirst());
    }

    @Test
    void aChangeOfTheCaThatWasCutShortGoesOn() throws Exception {
        certs("init", "--nodes", "1");
        String key = Files.readString(directory().resolve("ca.key"));
        certs("renew", "--new-ca");
        // the new CA is trusted, but its key was not written
        Files.writeString(directory().resolve("ca.key"), key);

        assertThat(certs("renew").err()).isEmpty();
        assertThat(certs("renew", "--drop-old-ca").err()).isEmpty();

        assertThat(authority().signed(read("node-1/tls.crt").getFirst())).isTrue();
    }

    @Test
    void withoutItsKeyOrAfterItsEndACaSignsNothing() throws Exception {
        certs("init", "--nodes", "0");
        Files.delete(directory().resolve("ca.key"));

        assertThat(certs("issue", "a").err()).contains("ca.key is missing");

        CertificateSet ended = new CertificateSet(temp.resolve("ended"));
        ended.make("ca", Duration.ofDays(1), Instant.now().minus(Duration.ofDays(2)));
        GmRun run =
                GmRun.of("x", "certs", "issue", "a", "--directory", ended.path().toString());
        assertThat(run.err()).contains("--new-ca");
        assertThat(run.exitCode()).isEqualTo(ExitCode.ERROR);
    }
}
