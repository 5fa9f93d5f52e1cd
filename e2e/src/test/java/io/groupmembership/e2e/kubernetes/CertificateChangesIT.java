package io.groupmembership.e2e.kubernetes;

import static io.groupmembership.e2e.kubernetes.SecureCluster.sum;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.groupmembership.e2e.client.SteadyRequests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What is secret changes, or ought to, while there are members: nobody notices. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CertificateChangesIT {
    /** Longer than a kubelet needs to bring what has changed to a pod; this one looks each 10 s. */
    private static final Duration QUICK_KUBELET = Duration.ofSeconds(45);

    private static final Duration USUAL_KUBELET = Duration.ofSeconds(150);

    /** What a certificate has left of its life when the alert of docs/security.md goes off: 55 of 90 days. */
    private static final double ALERT = 55 / 90.0;

    @TempDir
    static Path directory;

    private final SystemDeployment operator = SystemDeployment.operator();
    private final Duration wait = Kubernetes.get().looksQuickly() ? QUICK_KUBELET : USUAL_KUBELET;
    private final Duration life = wait.multipliedBy(8);
    private SecureCluster cluster;
    private String members;
    private SteadyRequests requests;

    @BeforeAll
    void aClusterWithMembers() throws Exception {
        cluster = new SecureCluster(directory);
    }

    @AfterAll
    void close() {
        cluster.close();
    }

    @BeforeEach
    void anOperatorInHasteAndRequests() throws IOException {
        operator.set(
                "GM_CERTIFICATE_TRUST_WAIT=" + wait.toSeconds() + "s",
                "GM_CERTIFICATE_SERVE_WAIT=" + wait.toSeconds() + "s",
                "GM_CERTIFICATE_LIFE=" + life.toSeconds() + "s");
        members = cluster.viewOfAMember();
        String token = cluster.token();
        requests = SteadyRequests.begin(
                List.of(() -> cluster.nodes.status(cluster.view(token)), () -> {
                    try (OutsideClient fresh = cluster.nodes.another()) {
                        return fresh.status(cluster.view(token));
                    }
                }),
                Duration.ofMillis(100));
    }

    @AfterEach
    void theUsualOperator() {
        requests.end();
        operator.scale(2);
        operator.set("GM_CERTIFICATE_TRUST_WAIT-", "GM_CERTIFICATE_SERVE_WAIT-", "GM_CERTIFICATE_LIFE-");
    }

    private void assertThatNobodyHasNoticed() throws IOException {
        requests.goOn();
        assertThat(cluster.viewOfAMember()).isEqualTo(members);
        for (Pod pod : cluster.pods) {
            String log = cluster.namespace.kubectl("logs", pod.getMetadata().getName(), "-c", "groupmembership");
            assertThat(log).doesNotContain("fenced").doesNotContain("none of the CAs");
        }
        System.out.println(requests.rounds() + " rounds of requests");
    }

    @Test
    void theCaAndTheHeartbeatSecretAreChanged() throws Exception {
        X509Certificate old = cluster.writeAuthorities().getFirst();

        // when the CA is to be another, and heartbeats to be sealed with another secret
        appendHeartbeatSecret();
        cluster.namespace.kubectl("delete", "secret", "demo-ca");

        // then the new CA is trusted besides the old one, signs, and is the only one in the end
        cluster.namespace.await(
                "two CAs are trusted", () -> cluster.writeAuthorities().size() == 2);
        cluster.namespace.await(
                "only the new CA is trusted", () -> cluster.writeAuthorities().size() == 1);
        assertThat(cluster.writeAuthorities().getFirst()).isNotEqualTo(old);
        assertThat(cluster.logs()).contains("ClusterSecret 2027");
        assertThatNobodyHasNoticed();
    }

    private void appendHeartbeatSecret() {
        String text = cluster.heartbeatSecrets() + "\n2027 "
                + Base64.getEncoder().encodeToString(new SecureRandom().generateSeed(32)) + "\n";
        String encoded = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
        cluster.namespace.kubectl(
                "patch", "secret", "demo-heartbeat", "-p", "{\"data\":{\"heartbeat\":\"" + encoded + "\"}}");
    }

    @Test
    void theOperatorIsAwayForLongerThanHalfOfACertificatesLife() throws Exception {
        // given certificates of a short life
        cluster.namespace.kubectl("delete", "secret", "demo-node-tls", "demo-operator-tls");
        cluster.namespace.await("the nodes serve another certificate", () -> left().compareTo(life) < 0);
        assertThat(isAlerted()).isFalse();

        operator.scale(0);
        Duration away = life.dividedBy(2).plusSeconds(10);
        Awaitility.await("requests are answered")
                .during(away)
                .atMost(away.multipliedBy(2))
                .pollInterval(Duration.ofSeconds(1))
                .until(requests::allSucceed);

        // it is said before anything ends
        assertThat(isAlerted()).isTrue();
        assertThat(left()).isPositive();
        System.out.println("the operator was away for " + away + " of " + life + ", left of a certificate: " + left());
        assertThatNobodyHasNoticed();

        operator.scale(2);
        cluster.namespace.await("the certificate is renewed", () -> !isAlerted());
        assertThatNobodyHasNoticed();
    }

    /** Until the certificate of a node ends, as it says itself. */
    private Duration left() throws IOException {
        double end = sum(cluster.metrics(), "gm_tls_certificate_expiry_seconds");
        return Duration.between(Instant.now(), Instant.ofEpochSecond((long) end));
    }

    private boolean isAlerted() throws IOException {
        return left().toMillis() < ALERT * life.toMillis();
    }
}
