package io.groupmembership.node.tls;

import io.groupmembership.node.identity.IdentityException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a private key is private. */
final class KeyFile {
    private static final Logger LOG = LoggerFactory.getLogger(KeyFile.class);

    private KeyFile() {}

    /**
     * A file that its owner's group or anybody else may read is refused. In a mounted Secret, where each file is a link,
     * the kubelet sets who may: the group is how the node gets at it, and anybody else is only warned of.
     *
     * @throws IdentityException where it is refused, or its permissions can't be read
     */
    static void check(Path key) {
        if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        boolean mounted = Files.isSymbolicLink(key);
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(key);
            boolean others = permissions.contains(PosixFilePermission.OTHERS_READ);
            if (mounted && others) {
                LOG.warn("gm.tls-dir: everybody can read {}: set the volume's defaultMode to 0440", key);
            } else if (!mounted && (others || permissions.contains(PosixFilePermission.GROUP_READ))) {
                throw new IdentityException("gm.tls-dir: others than its owner can read " + key + ": chmod 600 " + key);
            }
        } catch (IOException e) {
            throw new IdentityException("gm.tls-dir: the permissions of " + key + " can't be read: " + e.getMessage());
        }
    }
}
