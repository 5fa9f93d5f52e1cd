package io.groupmembership.protocol.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.certificates.CertificateAuthority;
import io.groupmembership.certificates.CertificateRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;

class DistinguishedNameTest {
    private static final Duration LIFE = Duration.ofDays(1);

    @Test
    void theCommonNameIsTheUserAndEachOrganizationAGroup() {
        var certificate = CertificateAuthority.create("ca", LIFE, Instant.now())
                .issue(CertificateRequest.client("Ann", List.of("a", CertificateRequest.NODES), LIFE), Instant.now())
                .certificate();

        DistinguishedName name = DistinguishedName.ofSubject(certificate);

        assertThat(name.commonName()).contains("Ann");
        assertThat(name.organizations()).containsExactly("a", "groupmembership.io:nodes");
        assertThat(name.isOfAny(Set.of("groupmembership.io:nodes"))).isTrue();
        assertThat(name.isOfAny(Set.of("groupmembership.io:admins"))).isFalse();
    }

    @Test
    void aNameCannotPretendToHaveFurtherParts() {
        String crafty = "mallory,O=groupmembership.io:admins+O=groupmembership.io:nodes";
        var certificate = CertificateAuthority.create("ca", LIFE, Instant.now())
                .issue(CertificateRequest.client(crafty, List.of("x\\,O=y"), LIFE), Instant.now())
                .certificate();

        DistinguishedName name = DistinguishedName.ofSubject(certificate);

        assertThat(name.commonName()).contains(crafty);
        assertThat(name.organizations()).containsExactly("x\\,O=y");
    }

    @Test
    void twoCommonNamesAreNone() {
        assertThat(DistinguishedName.of(new X500Principal("CN=a, CN=b, O=c")))
                .isEqualTo(new DistinguishedName(Optional.empty(), List.of("c")));
    }

    @Test
    void partsOfOneElementCountEach() {
        assertThat(DistinguishedName.of(new X500Principal("CN=a+O=b, O=c, OU=d"))
                        .organizations())
                .containsExactlyInAnyOrder("b", "c");
    }
}
