package io.groupmembership.node.raft.storage;

import io.groupmembership.node.identity.DurableFile;
import io.groupmembership.node.raft.DamagedDataException;
import io.groupmembership.node.raft.storage.LogSegment.Flaw;
import io.groupmembership.node.raft.storage.ReachedFile.Reached;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a volume through before Ratis does, which takes much for whole that is not: it drops what can't be read of an
 * open segment's end, deletes a segment whose header is cut, goes on without a configuration that it can't read, and
 * begins with nothing where a snapshot's digest is damaged.
 *
 * <ol>
 *   <li>The vote must be no older than what this peer is known to have taken part in.
 *   <li>The newest snapshot must be whole, or an older one with all of the log behind it.
 *   <li>The log must go on from there without a gap. The end of an unfinished write is cut off; any other damage stops
 *       the start, but where a snapshot has all of it.
 *   <li>The end of it must not lie before what this peer is known to have had on its disk.
 *   <li>The configuration must be the one that was there, or one that came after.
 * </ol>
 *
 * What is mended is what this volume alone proves; nothing that was acknowledged is given up.
 */
final class VolumeCheck {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeCheck.class);

    private final String nodeId;
    private final Path current;
    private final Path snapshots;
    private final Path temporary;
    private final Reached reached;

    /**
     * @param group the directory of the Raft group
     * @param reached what the volume surely had
     */
    VolumeCheck(String nodeId, Path group, Reached reached) {
        this.nodeId = nodeId;
        this.current = group.resolve("current");
        this.snapshots = group.resolve("sm");
        this.temporary = group.resolve("tmp");
        this.reached = reached;
    }

    /** @throws DamagedDataException where the node must not start; the message says what to do */
    void run() throws IOException {
        VoteFile vote = vote();
        deleteTree(temporary);
        SnapshotFile.deleteLeftovers(snapshots);
        List<LogSegment> log = segments();
        long base = snapshot(log);
        log = withoutDamageBelow(log, base);
        checkContinuity(log, base);
        mendEnd(log);
        long last = log.isEmpty() ? base : Math.max(base, log.getLast().lastIndex());
        if (last < reached.index()) {
            throw damaged("the log in " + current + " ends at entry " + last + ", and this node had entry "
                    + reached.index() + " on its disk: its end is gone");
        }
        for (LogSegment segment : log) {
            if (segment.lastTerm() > vote.term()) {
                throw damaged(current.resolve(VoteFile.NAME) + " says term " + vote.term() + ", and the log has term "
                        + segment.lastTerm() + ": it is not what this node had written");
            }
        }
        new ConfigurationFile(current).check(reached, log, base, this::damaged);
    }

    private DamagedDataException damaged(String what) {
        return new DamagedDataException(what + ". " + advice(nodeId));
    }

    /** What to do about a volume that can't be trusted. */
    static String advice(String nodeId) {
        return "Have the others fill this node anew, as a new peer: gm nodes replace " + nodeId
                + " (on Kubernetes: delete its claim and its pod). Where this was the only node, restore a backup";
    }

    // ---- the vote

    private VoteFile vote() throws IOException {
        Path file = current.resolve(VoteFile.NAME);
        VoteFile vote = VoteFile.read(file)
                .orElseThrow(() -> damaged(file + " can't be read: this node does not know whom it has voted for"));
        boolean older = vote.term() < reached.term();
        boolean another = vote.term() == reached.term()
                && !reached.votedFor().isEmpty()
                && !reached.votedFor().equals(vote.votedFor());
        if (older || another) {
            throw damaged(file + " says term " + vote.term() + " and a vote for '" + vote.votedFor()
                    + "', and this node had voted for '" + reached.votedFor() + "' in term " + reached.term());
        }
        return vote;
    }

    // ---- the snapshot

    /** Returns the index up to which a snapshot that is whole has everything, -1 where there is none. */
    private long snapshot(List<LogSegment> log) throws IOException {
        List<SnapshotFile> flawed = new ArrayList<>();
        String what = "";
        for (SnapshotFile snapshot : SnapshotFile.all(snapshots)) {
            Optional<String> flaw = snapshot.flaw();
            if (flaw.isEmpty()) {
                if (!flawed.isEmpty()
                        && !reaches(log, snapshot.index(), flawed.getFirst().index())) {
                    break;
                }
                for (SnapshotFile other : flawed) {
                    LOG.warn("{} is damaged and was put aside: {} and the log behind it have it all", other, snapshot);
                    other.putAside();
                }
                mendOlder(snapshot.index());
                snapshot.mendDigest();
                return snapshot.index();
            }
            flawed.add(snapshot);
            what = what.isEmpty() ? flaw.get() : what;
        }
        if (flawed.isEmpty()) {
            return -1;
        }
        if (reaches(log, -1, flawed.getFirst().index())) {
            for (SnapshotFile other : flawed) {
                LOG.warn("{} is damaged and was put aside: the log has it all", other);
                other.putAside();
            }
            return -1;
        }
        throw damaged("the snapshot " + flawed.getFirst().file() + " is damaged (" + what
                + "), and the log begins behind any other");
    }

    /** Those that are not needed must not be in Ratis's way. */
    private void mendOlder(long newest) throws IOException {
        for (SnapshotFile snapshot : SnapshotFile.all(snapshots)) {
            if (snapshot.index() < newest) {
                if (snapshot.flaw().isEmpty()) {
                    snapshot.mendDigest();
                } else {
                    snapshot.putAside();
                }
            }
        }
    }

    /** Whether the log has every entry from the one behind an index to another. */
    private static boolean reaches(List<LogSegment> log, long behind, long to) {
        long next = behind + 1;
        for (LogSegment segment : log) {
            if (segment.start() <= next && (segment.flaw() == Flaw.NONE || segment.lastIndex() >= to)) {
                next = Math.max(next, segment.lastIndex() + 1);
            }
        }
        return next > to;
    }

    // ---- the log

    private List<LogSegment> segments() throws IOException {
        List<LogSegment> log = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(current, "log_*")) {
            for (Path file : files) {
                LogSegment.read(file).ifPresent(log::add);
            }
        }
        log.sort(Comparator.comparingLong(LogSegment::start));
        return log;
    }

    /** A closed segment that a snapshot has all of is not needed, nor what comes before it. */
    private static List<LogSegment> withoutDamageBelow(List<LogSegment> log, long base) throws IOException {
        int keptFrom = 0;
        for (int i = 0; i < log.size(); i++) {
            LogSegment segment = log.get(i);
            boolean gapBehind = i + 1 < log.size() && log.get(i + 1).start() != segment.end() + 1;
            boolean covered = !segment.isOpen() && segment.end() <= base;
            if (covered && (segment.flaw() == Flaw.DAMAGED || gapBehind) && startsBy(log, i + 1, base + 1)) {
                keptFrom = i + 1;
            }
        }
        for (LogSegment segment : log.subList(0, keptFrom)) {
            LOG.warn(
                    "{} was deleted: it or one behind it is damaged, and the snapshot at {} has it all", segment, base);
            Files.delete(segment.file());
        }
        return log.subList(keptFrom, log.size());
    }

    private static boolean startsBy(List<LogSegment> log, int at, long index) {
        return at == log.size() || log.get(at).start() <= index;
    }

    private void checkContinuity(List<LogSegment> log, long base) throws DamagedDataException {
        long next = base + 1;
        for (int i = 0; i < log.size(); i++) {
            LogSegment segment = log.get(i);
            boolean isLast = i == log.size() - 1;
            if (i == 0 ? segment.start() > next : segment.start() != next) {
                throw damaged(
                        "the log in " + current + " lacks the entries from " + next + " to " + (segment.start() - 1));
            }
            if (segment.flaw() == Flaw.DAMAGED || (segment.flaw() == Flaw.TORN && !isLast)) {
                throw damaged("the log segment " + segment.file() + " is damaged behind entry " + segment.lastIndex());
            }
            next = segment.lastIndex() + 1;
        }
    }

    /** Cuts off what was never written to its end, so never acknowledged. */
    private static void mendEnd(List<LogSegment> log) throws IOException {
        if (log.isEmpty() || log.getLast().flaw() != Flaw.TORN) {
            return;
        }
        LogSegment last = log.getLast();
        LOG.warn("{} ends with an unfinished write behind entry {}, which was cut off", last.file(), last.lastIndex());
        try (FileChannel channel = FileChannel.open(last.file(), StandardOpenOption.WRITE)) {
            channel.truncate(last.wholeBytes());
            channel.force(true);
        }
        DurableFile.syncDirectory(last.file().resolveSibling("."));
    }

    private static void deleteTree(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (var files = Files.walk(tree)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
