package io.groupmembership.e2e.kubernetes;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Assumptions;

/** Signs tokens as the API server does, with its key: an API server makes none that is good for less than ten minutes. */
final class TokenForger {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrivateKey key;

    /** Of a Kubernetes whose server's key can be read; a test is skipped where that is not ours. */
    TokenForger(Kubernetes kubernetes) throws GeneralSecurityException {
        Assumptions.assumeTrue(kubernetes.looksQuickly(), "where this Kubernetes has its keys is not known");
        String pem = kubernetes.onServer("cat", "/etc/rancher/k3s/sa.key");
        byte[] encoded = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }

    /** The same token for another time. */
    String at(String token, Instant begins, Instant expires) throws IOException, GeneralSecurityException {
        String[] parts = token.split("\\.", -1);
        ObjectNode claims = (ObjectNode) JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
        claims.put("iat", begins.getEpochSecond());
        claims.put("nbf", begins.getEpochSecond());
        claims.put("exp", expires.getEpochSecond());
        String signed = parts[0] + "." + text(JSON.writeValueAsBytes(claims));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key);
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + text(signature.sign());
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
