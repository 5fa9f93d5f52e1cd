package io.groupmembership.protocol.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class HmacSha256Test {
    private final HmacSha256 hmac = new HmacSha256();

    private byte[] sign(byte[] key, byte[] message) {
        byte[] signature = new byte[HmacSha256.BYTES];
        hmac.sign(key, message, message.length, signature);
        return signature;
    }

    @Property
    void itIsWhatTheRuntimesOwnOneSays(
            @ForAll @Size(min = 1, max = 200) byte[] key, @ForAll @Size(max = 200) byte[] message)
            throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        assertThat(sign(key, message)).isEqualTo(mac.doFinal(message));
    }

    /** RFC 4231, test cases 1 and 6. */
    @Example
    void theRfcsVectors() {
        byte[] shortKey = HexFormat.of().parseHex("0b".repeat(20));
        assertThat(HexFormat.of()
                        .formatHex(sign(shortKey, "Hi There".getBytes(java.nio.charset.StandardCharsets.US_ASCII))))
                .isEqualTo("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        byte[] longKey = HexFormat.of().parseHex("aa".repeat(131));
        byte[] message = "Test Using Larger Than Block-Size Key - Hash Key First"
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        assertThat(HexFormat.of().formatHex(sign(longKey, message)))
                .isEqualTo("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    }
}
