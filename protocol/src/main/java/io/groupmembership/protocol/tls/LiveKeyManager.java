package io.groupmembership.protocol.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Shows what the files hold now, whoever the other side says that it trusts. An alias is the version of what was read. */
final class LiveKeyManager extends X509ExtendedKeyManager {
    private final LiveMaterial live;

    LiveKeyManager(LiveMaterial live) {
        this.live = live;
    }

    private @Nullable String alias(String... keyTypes) {
        TlsMaterial now = live.now();
        if (now.identity().isEmpty()) {
            return null;
        }
        String algorithm = now.identity().get().key().getAlgorithm();
        for (String keyType : keyTypes) {
            if (keyType.equals(algorithm) || keyType.startsWith(algorithm + "_")) {
                return Long.toString(now.version());
            }
        }
        return null;
    }

    private Optional<TlsMaterial.Identity> identity(@Nullable String alias) {
        try {
            return alias == null
                    ? Optional.empty()
                    : live.ofVersion(Long.parseLong(alias)).flatMap(TlsMaterial::identity);
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
        return identity(alias)
                .map(identity -> identity.chain().toArray(X509Certificate[]::new))
                .orElse(null);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
        return identity(alias).map(TlsMaterial.Identity::key).orElse(null);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias(keyTypes);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias(keyType);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias(keyTypes);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias(keyType);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return getServerAliases(keyType, issuers);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = alias(keyType);
        return alias == null ? null : new String[] {alias};
    }
}
