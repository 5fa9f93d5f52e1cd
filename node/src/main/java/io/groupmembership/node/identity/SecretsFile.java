package io.groupmembership.node.identity;

import io.groupmembership.protocol.heartbeat.ClusterSecrets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a node has its cluster's secrets from. */
public final class SecretsFile {
    private static final Logger LOG = LoggerFactory.getLogger(SecretsFile.class);

    private SecretsFile() {}

    /**
     * Reads the file. Without one the secret is made from the cluster's id: heartbeats are checked for damage and for
     * whom they are, but not against anybody who knows the id.
     *
     * @throws IdentityException where the file can't be read, or is not what it should be
     */
    public static ClusterSecrets read(Optional<Path> file, UUID clusterId) {
        if (file.isEmpty()) {
            LOG.warn("no gm.secrets-file: whoever knows the cluster's id can seal heartbeats");
            return ofClusterId(clusterId);
        }
        try {
            return ClusterSecrets.parse(Files.readString(file.get()));
        } catch (IOException | IllegalArgumentException e) {
            throw new IdentityException("gm.secrets-file " + file.get() + ": " + e.getMessage());
        }
    }

    private static ClusterSecrets ofClusterId(UUID clusterId) {
        try {
            byte[] secret = MessageDigest.getInstance("SHA-256")
                    .digest(("groupmembership, no secret: " + clusterId).getBytes(StandardCharsets.UTF_8));
            return ClusterSecrets.parse("1 " + Base64.getEncoder().encodeToString(secret));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
