package io.groupmembership.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Who may talk to the nodes, and how.
 *
 * @param transport what the nodes' TCP ports speak
 * @param access who may do what over the HTTP API
 * @param nodeSecretName a Secret with {@code ca.crt}, {@code tls.crt} and {@code tls.key} for the nodes that somebody else
 *     makes and renews; absent: the operator does
 * @param operatorSecretName the same for the operator as their client; present exactly where {@code nodeSecretName} is
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Security(
        @Nullable Transport transport,
        @Nullable Access access,
        @Nullable String nodeSecretName,
        @Nullable String operatorSecretName) {
    public static final Security DEFAULT = new Security(null, null, null, null);

    /** What the nodes' TCP ports speak: TLS 1.3 with certificates of the cluster's own CA, or plain text. */
    public enum Transport {
        @JsonProperty("tls")
        TLS,
        @JsonProperty("plain")
        PLAIN
    }

    /** Who may do what: each pod as itself and the rest as RBAC says, or everybody everything. */
    public enum Access {
        @JsonProperty("kubernetes")
        KUBERNETES,
        @JsonProperty("open")
        OPEN
    }

    public Transport transportOrDefault() {
        return transport == null ? Transport.TLS : transport;
    }

    public Access accessOrDefault() {
        return access == null ? Access.KUBERNETES : access;
    }

    public boolean usesTls() {
        return transportOrDefault() == Transport.TLS;
    }
}
