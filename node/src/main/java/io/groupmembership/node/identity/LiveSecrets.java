package io.groupmembership.node.identity;

import io.groupmembership.protocol.heartbeat.ClusterSecrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster's secrets, which may change while the node runs.
 *
 * <p>The rule. A secret that was appended is accepted as soon as it is read, and used after a grace: by then every node
 * has read it, and accepts what the others seal. Where the one in use is taken away, the last one is used at once. What
 * can't be read changes nothing.
 */
public final class LiveSecrets implements Supplier<ClusterSecrets> {
    private static final Logger LOG = LoggerFactory.getLogger(LiveSecrets.class);

    private final Optional<Path> file;
    private final long graceNanos;
    private final LongSupplier clock;
    private volatile ClusterSecrets current;
    private String problem = "";
    private int appended;
    private long appendedNanos;

    /**
     * Reads the file a first time: its last secret is in use from now on.
     *
     * @param clock nanoseconds
     * @throws IdentityException where the file can't be read, or is not what it should be
     */
    public LiveSecrets(Optional<Path> file, UUID clusterId, Duration grace, LongSupplier clock) {
        this.file = file;
        this.graceNanos = grace.toNanos();
        this.clock = clock;
        this.current = SecretsFile.read(file, clusterId);
    }

    /** The same object until something has changed. */
    @Override
    public ClusterSecrets get() {
        return current;
    }

    /** Reads the file again. */
    public synchronized void refresh() {
        if (file.isEmpty()) {
            return;
        }
        try {
            adopt(Files.readString(file.get()));
            problem = "";
        } catch (IOException | IllegalArgumentException e) {
            String now = e.toString();
            if (!now.equals(problem)) {
                LOG.warn("gm.secrets-file {} is left as it was read before: {}", file.get(), e.getMessage());
                problem = now;
            }
        }
    }

    private void adopt(String now) {
        ClusterSecrets read = ClusterSecrets.parse(now);
        int before = current.inUse().keyId();
        int last = read.inUse().keyId();
        if (last != before && last != appended) {
            appended = last;
            appendedNanos = clock.getAsLong();
        }
        boolean stays =
                last != before && read.find(before).isPresent() && clock.getAsLong() - appendedNanos < graceNanos;
        ClusterSecrets wanted = stays ? read.using(before) : read;
        if (wanted.equals(current)) {
            return;
        }
        current = wanted;
        LOG.info(
                "heartbeats are sealed with the secret of key id {}, and {} are accepted",
                wanted.inUse().keyId(),
                wanted);
    }
}
