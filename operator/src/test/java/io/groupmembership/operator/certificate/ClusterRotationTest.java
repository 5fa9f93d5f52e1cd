package io.groupmembership.operator.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.certificates.KeyedCertificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When the operator, as a client, takes a certificate of a new CA. */
class ClusterRotationTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final ClusterHolders HOLDERS = new ClusterHolders("shop", "main");
    private static final CertificateTerms NODE_TERMS = UsualTerms.of(HOLDERS.nodes());
    private static final CertificateTerms OPERATOR_TERMS = UsualTerms.of(ClusterHolders.operator());
    private static final CertificateIssuer ISSUER = new CertificateIssuer(NODE_TERMS);
    private static final KeyedCertificate OLD = ISSUER.authority(START);
    private static final KeyedCertificate NEW = ISSUER.authority(START);
    private static final Authority ONLY_OLD = new Authority(OLD, List.of(), Optional.empty());
    private static final Authority BOTH = new Authority(NEW, List.of(OLD.certificate()), Optional.empty());

    private static Serving nodes(KeyedCertificate signer) {
        return new Serving(ISSUER.serving(signer, START), List.of(signer.certificate()));
    }

    private static Optional<Serving> operator(KeyedCertificate signer) {
        return Optional.of(new Serving(
                new CertificateIssuer(OPERATOR_TERMS).serving(signer, START), List.of(signer.certificate())));
    }

    private static boolean due(Optional<Serving> operator, Serving nodes, Authority authority, Instant now) {
        return ClusterCertificates.isDue(operator, nodes, authority, OPERATOR_TERMS, now);
    }

    @Test
    void withoutOneItIsIssuedAtOnce() {
        assertThat(due(Optional.empty(), nodes(OLD), ONLY_OLD, START)).isTrue();
    }

    @Test
    void aGoodOneStaysAndIsRenewedAfterAThirdOfItsLife() {
        Instant renewal = START.plus(OPERATOR_TERMS.times().life().dividedBy(3));

        assertThat(due(operator(OLD), nodes(OLD), ONLY_OLD, renewal.minusSeconds(60)))
                .isFalse();
        assertThat(due(operator(OLD), nodes(OLD), ONLY_OLD, renewal)).isTrue();
    }

    @Test
    void aNewCaSignsItOnlyWhenTheNodesHaveTakenOneOfItThemselves() {
        Instant renewal = START.plus(Duration.ofDays(30));

        assertThat(due(operator(OLD), nodes(OLD), BOTH, renewal)).isFalse();
        assertThat(due(operator(OLD), nodes(NEW), BOTH, START)).isTrue();
        assertThat(due(operator(NEW), nodes(NEW), BOTH, START)).isFalse();
    }

    @Test
    void oneThatNoCaOfTheBundleSignedIsReplacedWhateverElseGoesOn() {
        assertThat(due(operator(NEW), nodes(OLD), ONLY_OLD, START)).isTrue();
    }

    @Test
    void aNodesCertificateNamesEveryNodeAndTheServiceOfAll() {
        assertThat(HOLDERS.nodes().dnsNames())
                .contains("*.main-nodes.shop.svc", "main.shop.svc", "main.shop.svc.cluster.local");
        assertThat(nodes(OLD).accepted(List.of(OLD.certificate()), HOLDERS.nodes(), START))
                .isTrue();
    }
}
