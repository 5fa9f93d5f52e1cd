package io.groupmembership.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.groupmembership.certificates.CertificateAuthority;
import io.groupmembership.certificates.KeyedCertificate;
import io.groupmembership.membership.Command;
import io.groupmembership.membership.KvCondition;
import io.groupmembership.membership.KvEntry;
import io.groupmembership.membership.Request;
import io.groupmembership.node.tls.TestCertificates;
import io.groupmembership.node.tls.TlsProbe;
import io.groupmembership.protocol.cluster.ClusterFile;
import io.groupmembership.protocol.tls.ReloadingTls;
import io.groupmembership.protocol.tls.TlsException;
import io.groupmembership.protocol.tls.TlsFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class RaftOverTlsTest {
    private static final long LIMIT_SECONDS = 20;
    private static final Duration PATIENCE = TestCluster.PATIENCE;
    private static final List<String> NODE_IDS = List.of("node-1", "node-2", "node-3");

    private final CertificateAuthority one = TestCertificates.authority("one");
    private final CertificateAuthority two = TestCertificates.authority("two");

    @TempDir
    Path directory;

    @BeforeEach
    void certificatesOfOneCa() {
        writeAll(one, one);
    }

    private void writeAll(CertificateAuthority by, CertificateAuthority... bundle) {
        NODE_IDS.forEach(nodeId -> TestCertificates.write(files(nodeId), TestCertificates.node(by), bundle));
    }

    private Path files(String nodeId) {
        return directory.resolve("tls").resolve(nodeId);
    }

    private TestCluster cluster() throws IOException {
        return new TestCluster(directory, NODE_IDS.size(), Duration.ofMillis(300), nodeId -> {
            try {
                return Optional.of(ReloadingTls.of(TlsFiles.in(files(nodeId))));
            } catch (TlsException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Of a caller with this certificate, who trusts both CAs. */
    private TlsProbe caller(KeyedCertificate certificate) {
        return TlsProbe.of(TestCertificates.write(directory.resolve("caller"), certificate, one, two));
    }

    private static void put(TestCluster cluster, int number) throws Exception {
        Request put = new Request(
                Optional.empty(),
                new Command.KvPut(
                        "default/counter",
                        String.valueOf(number).getBytes(StandardCharsets.UTF_8),
                        new KvCondition.Always()));
        String nodeId = NODE_IDS.get(number % NODE_IDS.size());
        cluster.node(nodeId).submit(put).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    private static boolean hasCounter(TestCluster cluster, String nodeId) {
        Optional<KvEntry> entry = cluster.node(nodeId).read(state -> state.kv("default/counter"));
        return entry.isPresent();
    }

    @Test
    void nodesAgreeAndStrangersAreRefusedAtEachPort() throws Exception {
        try (TestCluster cluster = cluster().startAll()) {
            // given
            cluster.leader();
            for (int i = 0; i < 6; i++) {
                put(cluster, i);
            }
            ClusterFile.Node called = cluster.member(cluster.follower());
            List<Integer> ofNodes = List.of(called.peerPort(), called.clientPort());
            List<Integer> all = List.of(called.peerPort(), called.clientPort(), called.raftAdminPort());

            for (int port : all) {
                // a node is let in
                assertThat(caller(TestCertificates.node(one))
                                .http2(port)
                                .getSubjectX500Principal()
                                .getName())
                        .contains("groupmembership.io:nodes");
                // what another CA signed, an agent, an older TLS and plain text are not
                assertThatIOException()
                        .isThrownBy(() -> caller(TestCertificates.node(two)).http2(port));
                assertThatIOException()
                        .isThrownBy(() -> caller(TestCertificates.agent(one)).http2(port));
                assertThatIOException()
                        .isThrownBy(() -> caller(TestCertificates.node(one)).older(port));
                assertThat(TlsProbe.plainText(port)).isEmpty();
            }
            // an administrator is let in where the group is changed, and nowhere else
            TlsProbe administrator = caller(TestCertificates.administrator(one));
            assertThat(administrator.http2(called.raftAdminPort())).isNotNull();
            for (int port : ofNodes) {
                assertThatIOException().isThrownBy(() -> administrator.http2(port));
            }
        }
    }

    @Test
    void aNodeOfAnotherCaTakesNoPart() throws Exception {
        TestCertificates.write(files("node-3"), TestCertificates.node(two), one, two);
        try (TestCluster cluster = cluster().startAll()) {
            cluster.leader();
            for (int i = 0; i < 30; i += 3) {
                put(cluster, i);
            }
            assertThat(hasCounter(cluster, "node-1")).isTrue();
            assertThat(hasCounter(cluster, "node-3")).isFalse();
        }
    }

    @Test
    void theCaAndAllCertificatesAreChangedWithoutAFailedRequest() throws Exception {
        try (TestCluster cluster = cluster().startAll()) {
            // given somebody who writes at each node, again and again
            cluster.leader();
            AtomicBoolean enough = new AtomicBoolean();
            CompletableFuture<Integer> written = CompletableFuture.supplyAsync(() -> {
                int number = 0;
                try {
                    while (!enough.get()) {
                        put(cluster, number++);
                    }
                } catch (Exception e) {
                    throw new IllegalStateException("request " + number + " failed", e);
                }
                return number;
            });

            // when the second CA is appended, the certificates are swapped, and the first CA is dropped
            writeAll(one, one, two);
            TlsProbe early = caller(TestCertificates.node(two));
            eachPort(cluster, port -> isLetIn(early, port));
            writeAll(two, one, two);
            eachPort(cluster, port -> two.signed(early.http2(port)));
            writeAll(two, two);
            TlsProbe late = caller(TestCertificates.node(one));
            eachPort(cluster, port -> !isLetIn(late, port));
            enough.set(true);

            // then
            assertThat(written.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isPositive();
            // and connections are made under the second one
            String restarted = cluster.follower();
            cluster.stop(restarted);
            cluster.start(restarted);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> cluster.node(restarted).status().ready());
        }
    }

    private interface PortCheck {
        boolean holds(int port) throws IOException;
    }

    private static void eachPort(TestCluster cluster, PortCheck check) {
        for (String nodeId : NODE_IDS) {
            ClusterFile.Node node = cluster.member(nodeId);
            for (int port : List.of(node.peerPort(), node.clientPort(), node.raftAdminPort())) {
                Awaitility.await()
                        .atMost(PATIENCE)
                        .ignoreExceptionsInstanceOf(IOException.class)
                        .until(() -> check.holds(port));
            }
        }
    }

    private static boolean isLetIn(TlsProbe probe, int port) {
        try {
            return probe.http2(port) != null;
        } catch (IOException _) {
            return false;
        }
    }
}
