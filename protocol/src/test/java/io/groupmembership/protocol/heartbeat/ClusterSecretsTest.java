package io.groupmembership.protocol.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.NoSuchElementException;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterSecretsTest {
    private static final UUID CLUSTER = new UUID(1, 2);
    private static final String ONE = secret(32, 1);
    private static final String TWO = secret(48, 2);

    private static String secret(int bytes, int first) {
        byte[] secret = new byte[bytes];
        secret[0] = (byte) first;
        return Base64.getEncoder().encodeToString(secret);
    }

    @Test
    void anyOfThemMayBeInUse() {
        ClusterSecrets secrets = ClusterSecrets.parse("7 " + ONE + "\n8 " + TWO).using(7);

        assertThat(secrets.inUse().keyId()).isEqualTo(7);
        assertThat(secrets.inUseFirst()).extracting(ClusterSecret::keyId).containsExactly(7, 8);
        assertThatThrownBy(() -> secrets.using(9)).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void theLastLineIsInUseAndAllAreAccepted() {
        ClusterSecrets secrets =
                ClusterSecrets.parse("# before\n\n 7 " + ONE + "\r\n#8 nothing\n65535\t " + TWO + " \n\n");
        assertThat(secrets.inUse().keyId()).isEqualTo(65_535);
        assertThat(secrets.find(7)).map(ClusterSecret::keyId).contains(7);
        assertThat(secrets.find(8)).isEmpty();
        assertThat(secrets.find(0)).isEmpty();
    }

    @Test
    void everyPartOfAMembersNameMakesAnotherKey() {
        ClusterSecret secret = ClusterSecrets.parse("1 " + ONE).inUse();
        assertThat(new HeartbeatKey[] {
                    secret.memberKey(CLUSTER, "ns", "g", "m", 17),
                    secret.memberKey(new UUID(1, 3), "ns", "g", "m", 17),
                    secret.memberKey(CLUSTER, "nt", "g", "m", 17),
                    secret.memberKey(CLUSTER, "ns", "h", "m", 17),
                    secret.memberKey(CLUSTER, "ns", "g", "n", 17),
                    secret.memberKey(CLUSTER, "ns", "g", "m", 18),
                    ClusterSecrets.parse("1 " + TWO).inUse().memberKey(CLUSTER, "ns", "g", "m", 17)
                })
                .extracting(HeartbeatKey::base64)
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7",
                "ONE",
                "7 8 ONE",
                "0 ONE",
                "65536 ONE",
                "-1 ONE",
                "99999999999 ONE",
                "x ONE",
                "7 c2hvcnQ=",
                "7 ONE!",
                "7 %%%%",
                "9 ONE"
            })
    void aMistakeIsToldWithItsLineAndNothingOfIt(String line) {
        assertThatThrownBy(() -> ClusterSecrets.parse("# first\n9 " + ONE + "\n" + line.replace("ONE", TWO) + "\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("cluster secrets, line 3: ")
                .hasNoCause()
                .message()
                .doesNotContain(TWO.substring(0, 4))
                .doesNotContain("c2hvcnQ")
                .doesNotContain("%");
    }

    @Test
    void noSecretAtAllIsAMistake() {
        assertThatThrownBy(() -> ClusterSecrets.parse("# none\n")).hasMessage("cluster secrets: there is none");
    }

    @Test
    void nothingShowsASecretOrAKeyByAccident() {
        ClusterSecrets secrets = ClusterSecrets.parse("7 " + ONE);
        HeartbeatKey key = secrets.inUse().memberKey(CLUSTER, "ns", "g", "m", 17);
        assertThat(secrets + " " + key).isEqualTo("[ClusterSecret 7] HeartbeatKey 7");
    }

    @Test
    void aKeyOfAJoinsAnswerIsCheckedAndNotShown() {
        assertThatThrownBy(() -> HeartbeatKey.of(0, ONE)).hasMessage("keyId must be 1 to 65535");
        assertThatThrownBy(() -> HeartbeatKey.of(1, TWO)).hasMessage("key must have 32 bytes");
        assertThatThrownBy(() -> HeartbeatKey.of(1, "%")).hasMessage("key must be Base64");
        assertThat(HeartbeatKey.of(1, ONE).base64()).isEqualTo(ONE);
    }
}
