package io.groupmembership.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.junit.jupiter.api.Test;

class CertificateAuthorityTest {
    private static final Duration YEAR = Duration.ofDays(365);
    private static final Duration MONTH = Duration.ofDays(30);

    private final Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private final CertificateAuthority authority = CertificateAuthority.create("test-ca", YEAR, now);

    @Test
    void aCaSignsCertificatesAndNoOtherCa() throws Exception {
        X509Certificate certificate = authority.certificate();

        certificate.verify(certificate.getPublicKey());
        assertThat(certificate.getBasicConstraints()).isZero();
        assertThat(certificate.getKeyUsage()[5]).as("keyCertSign").isTrue();
        assertThat(certificate.getKeyUsage()[0]).as("digitalSignature").isFalse();
        assertThat(certificate.getNotBefore()).isEqualTo(now.minus(Duration.ofHours(1)));
        assertThat(certificate.getNotAfter()).isEqualTo(now.plus(YEAR));
    }

    @Test
    void twoCasOfOneNameAreNotTakenForOneAnother() {
        X509Certificate other =
                CertificateAuthority.create("test-ca", YEAR, now).certificate();

        assertThat(other.getSubjectX500Principal())
                .isNotEqualTo(authority.certificate().getSubjectX500Principal());
    }

    @Test
    void aNodesCertificateSaysWhoItIsAndWhereItIsCalled() throws Exception {
        CertificateRequest request = CertificateRequest.node(
                "node-1", List.of("Node-1.Example.org", "localhost"), List.of("10.0.0.1", "::1"), MONTH);

        X509Certificate certificate = authority.issue(request, now).certificate();

        certificate.verify(authority.certificate().getPublicKey());
        assertThat(certificate.getIssuerX500Principal())
                .isEqualTo(authority.certificate().getSubjectX500Principal());
        assertThat(attributes(certificate, "CN")).containsExactly("node-1");
        assertThat(attributes(certificate, "O")).containsExactly("groupmembership.io:nodes");
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(certificate.getSubjectAlternativeNames())
                .extracting(name -> (Object) name.get(1))
                .containsExactly("node-1.example.org", "localhost", "10.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(certificate.getNotBefore()).isEqualTo(now.minus(Duration.ofHours(1)));
        assertThat(certificate.getNotAfter()).isEqualTo(now.plus(MONTH));
    }

    @Test
    void eachGroupIsAnOrganizationAndNothingInANameIsTakenForAnotherAttribute() throws Exception {
        CertificateRequest request =
                CertificateRequest.client("eve,O=groupmembership.io:admins", List.of("a+b", "c", "c"), MONTH);

        X509Certificate certificate = authority.issue(request, now).certificate();

        assertThat(attributes(certificate, "CN")).containsExactly("eve,O=groupmembership.io:admins");
        assertThat(attributes(certificate, "O")).containsExactly("a+b", "c");
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(certificate.getSubjectAlternativeNames()).isNull();
    }

    @Test
    void aCertificateSaysWhatToAskForToGetAnotherLikeIt() {
        CertificateRequest request =
                CertificateRequest.node("a,b=c+d", List.of("node-1", "*.example.org"), List.of("10.0.0.1"), MONTH);
        CertificateRequest client = CertificateRequest.client("ann", List.of("a", "b"), MONTH);

        X509Certificate certificate = authority.issue(request, now).certificate();

        assertThat(CertificateAuthority.lifeOf(certificate)).isEqualTo(MONTH);
        assertThat(CertificateRequest.like(certificate, MONTH)).isEqualTo(request);
        assertThat(CertificateRequest.like(authority.issue(client, now).certificate(), MONTH))
                .isEqualTo(client);
        assertThatThrownBy(() -> CertificateRequest.like(authority.certificate(), MONTH))
                .hasMessageStartingWith("usages: ");
    }

    @Test
    void aCertificateIsDueAfterTwoThirdsOfItsLife() {
        X509Certificate certificate = authority
                .issue(CertificateRequest.client("ann", List.of(), MONTH), now)
                .certificate();

        assertThat(CertificateAuthority.isDue(
                        certificate, now.plus(Duration.ofDays(20)).minusSeconds(1)))
                .isFalse();
        assertThat(CertificateAuthority.isDue(certificate, now.plus(Duration.ofDays(20))))
                .isTrue();
    }

    @Test
    void aCaThatWasKeptAsTextGoesOn() throws Exception {
        CertificateAuthority kept = new CertificateAuthority(KeyedCertificate.read(
                authority.keyed().certificatePem(), authority.keyed().keyPem()));

        X509Certificate certificate = kept.issue(CertificateRequest.client("a", List.of(), MONTH), now)
                .certificate();

        certificate.verify(authority.certificate().getPublicKey());
    }

    @Test
    void anotherCaHasNotSignedIt() {
        X509Certificate certificate = authority
                .issue(CertificateRequest.client("a", List.of(), MONTH), now)
                .certificate();
        CertificateAuthority other = CertificateAuthority.create("test-ca", YEAR, now);

        assertThat(other.signed(certificate)).isFalse();
        assertThat(authority.signed(certificate)).isTrue();
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() {
        KeyedCertificate other = CertificateAuthority.create("other", YEAR, now).keyed();

        assertThatThrownBy(() -> KeyedCertificate.read(authority.keyed().certificatePem(), other.keyPem()))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessage("the key does not belong to the certificate");
    }

    @Test
    void whatIsNotInPemIsRefused() {
        String certificate = authority.keyed().certificatePem();
        String key = authority.keyed().keyPem();

        assertThatThrownBy(() -> Pem.readCertificates("")).isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> Pem.readCertificates(key)).isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> Pem.readKey(certificate)).hasMessage("no private key");
        assertThatThrownBy(() -> Pem.readKey(key.substring(0, 60) + key.substring(key.indexOf("-----END"))))
                .isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void aBundleKeepsItsOrder() throws Exception {
        X509Certificate other = CertificateAuthority.create("other", YEAR, now).certificate();

        assertThat(Pem.readCertificates(Pem.certificates(List.of(authority.certificate(), other))))
                .containsExactly(authority.certificate(), other);
    }

    @Test
    void noTextShowsAKey() {
        assertThat(authority.toString())
                .contains("test-ca-")
                .doesNotContain(authority.keyed().key().toString())
                .doesNotContain("PRIVATE");
    }

    @Test
    void aRequestThatNobodyCouldUseNamesTheFieldThatIsBad() {
        Set<CertificateUsage> client = Set.of(CertificateUsage.CLIENT);
        assertThatThrownBy(() -> CertificateRequest.client("", List.of(), MONTH))
                .hasMessageStartingWith("commonName: ");
        assertThatThrownBy(() -> CertificateRequest.client("x".repeat(65), List.of(), MONTH))
                .hasMessageStartingWith("commonName: ");
        assertThatThrownBy(() -> CertificateRequest.client("a\nb", List.of(), MONTH))
                .hasMessageStartingWith("commonName: ");
        assertThatThrownBy(() -> CertificateRequest.client("a", List.of(" "), MONTH))
                .hasMessageStartingWith("groups: ");
        assertThatThrownBy(() -> CertificateRequest.client("a", List.of(), Duration.ZERO))
                .hasMessageStartingWith("life: ");
        assertThatThrownBy(() -> new CertificateRequest("a", List.of(), List.of(), List.of(), Set.of(), MONTH))
                .hasMessageStartingWith("usages: ");
        for (String host :
                List.of("", "a b", "-a", "a..b", "10.0.0.1", "a*.b", "x".repeat(64), "a.".repeat(130) + "b")) {
            assertThatThrownBy(() -> new CertificateRequest("a", List.of(), List.of(host), List.of(), client, MONTH))
                    .as(host)
                    .hasMessageStartingWith("dnsNames: ");
        }
        for (String ip : List.of("", "10.0.0", "10.0.0.256", "host", "[::1]", "::1::", "1.2.3.4/8")) {
            assertThatThrownBy(() -> new CertificateRequest("a", List.of(), List.of(), List.of(ip), client, MONTH))
                    .as(ip)
                    .hasMessageStartingWith("ips: ");
        }
        assertThatThrownBy(() -> CertificateAuthority.create("x".repeat(56), YEAR, now))
                .hasMessageStartingWith("name: ");
    }

    private static List<String> attributes(X509Certificate certificate, String type) throws Exception {
        return new LdapName(certificate.getSubjectX500Principal().getName())
                .getRdns().stream()
                        .filter(rdn -> rdn.getType().equalsIgnoreCase(type))
                        .map(Rdn::getValue)
                        .map(String.class::cast)
                        .toList();
    }
}
