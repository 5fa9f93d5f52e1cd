package io.groupmembership.node.raft.storage;

import io.groupmembership.node.identity.DurableFile;
import io.groupmembership.node.identity.IdentityException;
import io.groupmembership.node.identity.NodeIdentity;
import io.groupmembership.node.raft.DamagedDataException;
import io.groupmembership.node.raft.storage.ReachedFile.Reached;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The volume of a peer, before and while Raft uses it. Ratis makes an empty storage where it finds none; a peer that had
 * one before and lost it must not start, because it could vote twice in a term, or elect who lacks what it had
 * acknowledged.
 *
 * <p>{@code raft.started} says that Raft has started here, and {@code raft.reached} how far it came: either of them is
 * missed where it is gone.
 */
public final class RaftVolume {
    private static final Logger LOG = LoggerFactory.getLogger(RaftVolume.class);
    private static final String STARTED = "raft.started";

    /** What the file says since {@code raft.reached} is beside it; before that it was empty. */
    private static final String WITH_REACHED = "2\n";

    private final NodeIdentity identity;
    private final Path started;
    private final Path group;
    private final Path current;
    private final ReachedFile reachedFile;
    private Reached last;

    /** @param storage where Ratis keeps the directories of its groups */
    public RaftVolume(NodeIdentity identity, Path storage) {
        this.identity = identity;
        this.started = identity.dataDirectory().resolve(STARTED);
        this.group = storage.resolve(identity.groupId().toString());
        this.current = group.resolve("current");
        this.reachedFile = new ReachedFile(identity.dataDirectory());
        this.last = Reached.nothing(identity.self().peerId());
    }

    /**
     * @throws IdentityException where the volume is not this peer's, or its storage is gone
     * @throws DamagedDataException where what is there is not all, or not what was written
     */
    public void beforeStart() throws IOException {
        Optional<Reached> before = reachedBefore();
        before.ifPresent(this::refuseAnother);
        last = before.orElse(last);
        if (Files.exists(current.resolve(VoteFile.NAME))) {
            new VolumeCheck(identity.self().nodeId(), group, last).run();
        } else if (Files.exists(started) || last.index() >= 0 || last.term() > 0) {
            throw new IdentityException("the Raft log of this node is gone: " + current.resolve(VoteFile.NAME)
                    + " does not exist, and the node had started before. Restore the data directory. "
                    + VolumeCheck.advice(identity.self().nodeId()));
        }
        if (!reachedFile.exists()) {
            reachedFile.make(last);
        }
        if (!Files.exists(current.resolve(VoteFile.NAME)) && identity.restored().isPresent()) {
            new RestoredStart(identity, identity.restored().get(), group).run();
        }
    }

    /** What was noted; empty where the volume is new, or of before there were notes. */
    private Optional<Reached> reachedBefore() throws IOException {
        if (reachedFile.exists()) {
            return Optional.of(reachedFile.read().orElseThrow(() -> unknown(reachedFile.path() + " is damaged")));
        }
        boolean voted = Files.exists(current.resolve(VoteFile.NAME));
        if (voted && !Files.exists(started)) {
            throw unknown(started + " and " + reachedFile.path() + " are gone");
        }
        if (voted && Files.size(started) > 0) {
            throw unknown(reachedFile.path() + " is gone");
        }
        return Optional.empty();
    }

    private DamagedDataException unknown(String what) {
        return new DamagedDataException(what + ": it can't be known whether the log is all that this node had. "
                + VolumeCheck.advice(identity.self().nodeId()));
    }

    private void refuseAnother(Reached before) {
        if (!before.peerId().equals(identity.self().peerId())) {
            throw new IdentityException("the Raft log in " + identity.dataDirectory() + " is that of "
                    + before.peerId() + ", and this node is " + identity.self().peerId()
                    + ": point the node at its own data directory");
        }
    }

    public void afterStart() throws IOException {
        if (!Files.exists(started) || Files.size(started) != WITH_REACHED.length()) {
            DurableFile.replace(started, WITH_REACHED.getBytes(StandardCharsets.US_ASCII));
        }
        RestoredStart.finish(identity);
    }

    /**
     * Notes how far the peer has come. What can't be written is left: the check is weaker then.
     *
     * @param index the log is agreed on up to here, and on this disk
     * @param term the peer takes part in
     * @param votedFor whom it voted for in it
     */
    public synchronized void note(long index, long term, String votedFor) {
        try {
            Optional<ConfigurationFile.Found> configuration = new ConfigurationFile(current).find();
            Reached now = new Reached(
                    last.sequence() + 1,
                    Math.max(term, last.term()),
                    Math.max(index, last.index()),
                    configuration.map(ConfigurationFile.Found::index).orElse(last.configurationIndex()),
                    configuration.map(ConfigurationFile.Found::sum).orElse(last.configurationSum()),
                    identity.self().peerId(),
                    term < last.term() ? last.votedFor() : votedFor);
            reachedFile.write(now);
            last = now;
        } catch (IOException e) {
            LOG.warn("{} can't be written: {}", reachedFile.path(), e.toString());
        }
    }

    /**
     * Notes a configuration that was written while Raft did not run; that is on the disk when this returns.
     *
     * @param current the directory that it was written into
     */
    public static void noteConfiguration(Path dataDirectory, Path current) throws IOException {
        ReachedFile file = new ReachedFile(dataDirectory);
        Optional<Reached> before = file.exists() ? file.read() : Optional.empty();
        Optional<ConfigurationFile.Found> now = new ConfigurationFile(current).find();
        if (before.isPresent() && now.isPresent()) {
            Reached then = before.get();
            file.make(new Reached(
                    then.sequence() + 1,
                    then.term(),
                    then.index(),
                    now.get().index(),
                    now.get().sum(),
                    then.peerId(),
                    then.votedFor()));
        }
    }

    /** What to do about a volume that can't be trusted. */
    public static String advice(String nodeId) {
        return VolumeCheck.advice(nodeId);
    }
}
