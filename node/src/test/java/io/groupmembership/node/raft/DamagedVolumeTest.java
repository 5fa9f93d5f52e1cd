package io.groupmembership.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.KvCondition;
import io.groupmembership.membership.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every file of a volume, damaged in every way: the node starts with all that it had acknowledged, or it does not start
 * and says why. It has no other nodes to get anything from, so what is lost here stays lost.
 */
class DamagedVolumeTest {
    private static final String NODE = "node-1";
    private static final int CONFIGURATION = 3;
    private static final int DAMAGED = 4;
    private static final String ADVICE = "gm nodes replace node-1";
    private static final String ANY_SNAPSHOT = "snapshot\\.\\d+_\\d+";
    private static final String ANY_DIGEST = ANY_SNAPSHOT + "\\.md5";
    private static final String CLOSED = "log_\\d+-\\d+";

    @TempDir
    static Path directory;

    private static TestCluster cluster;

    /** The directory of a node that died: snapshots, two closed segments, one of them behind the snapshots, one open. */
    private static Path died;

    /** The same, an hour before, as far as the notes of the node go. */
    private static Path notes;

    /** The directory of a node that was stopped: its last snapshot has everything. */
    private static Path stopped;

    private static int keys;

    interface Damage {
        void to(VolumeCopy volume) throws IOException;
    }

    /** @param status 0 where the node starts */
    record Case(String name, Damage damage, int status, List<String> says) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case mended(String name, Damage damage) {
        return new Case(name, damage, 0, List.of());
    }

    private static Case refused(String name, Damage damage, int status, String... says) {
        return new Case(name, damage, status, List.of(says));
    }

    @BeforeAll
    static void make() throws Exception {
        cluster = new TestCluster(directory, 1, Duration.ofMillis(300));
        Path data = directory.resolve(NODE);
        write(130);
        cluster.stop(NODE);
        write(40);
        die(data);
        write(30);
        notes = directory.resolve("notes");
        Files.copy(data.resolve("raft.reached"), notes);
        putKey();
        awaitNoted();
        died = VolumeCopy.of(data, directory.resolve("died")).data();
        cluster.stop(NODE);
        stopped = VolumeCopy.of(data, directory.resolve("stopped")).data();
        VolumeCopy volume = new VolumeCopy(died);
        assertThat(volume.files(CLOSED)).hasSize(2);
        assertThat(volume.files(ANY_SNAPSHOT)).hasSize(2);
    }

    /** Starts the node, writes keys, and lets it run. */
    private static void write(int count) throws Exception {
        cluster.start(NODE);
        for (int i = 0; i < count; i++) {
            putKey();
        }
        awaitNoted();
    }

    private static void putKey() throws Exception {
        cluster.leader();
        cluster.node(NODE)
                .submit(new Request(
                        Optional.empty(),
                        new Command.KvPut("default/k" + keys, new byte[100], new KvCondition.Always())))
                .get(5, TimeUnit.SECONDS);
        keys++;
    }

    private static void awaitNoted() {
        VolumeCopy volume = new VolumeCopy(directory.resolve(NODE));
        Awaitility.await()
                .atMost(TestCluster.PATIENCE)
                .until(() -> volume.noted() == cluster.node(NODE).commitIndex());
    }

    /** Leaves the directory as it was while the node ran. */
    private static void die(Path data) throws IOException {
        Path copy = VolumeCopy.of(data, directory.resolve("copy")).data();
        cluster.stop(NODE);
        VolumeCopy.of(copy, data);
    }

    static Stream<Case> cases() {
        return Stream.of(identity(), marks(), vote(), configuration(), snapshots(), coveredSegment(), segment(), end())
                .flatMap(one -> one);
    }

    private static Stream<Case> identity() {
        String file = "identity\\.json";
        return Stream.of(
                refused("identity: a flipped bit", v -> VolumeCopy.flipMiddle(v.file(file)), CONFIGURATION, NODE),
                refused("identity: cut", v -> VolumeCopy.halve(v.file(file)), CONFIGURATION, "can't be read"),
                refused("identity: zeros", v -> VolumeCopy.zeroSecondHalf(v.file(file)), CONFIGURATION, NODE),
                refused("identity: gone", v -> Files.delete(v.file(file)), CONFIGURATION, "has no identity.json"));
    }

    private static Stream<Case> marks() {
        String started = "raft\\.started";
        String reached = "raft\\.reached";
        return Stream.of(
                mended("started: a flipped bit", v -> VolumeCopy.flip(v.file(started), 0)),
                mended("started: cut", v -> VolumeCopy.truncate(v.file(started), 0)),
                mended("started: gone", v -> Files.delete(v.file(started))),
                mended("reached: a flipped bit in one note", v -> VolumeCopy.flip(v.file(reached), 30)),
                refused(
                        "reached: a flipped bit in both notes",
                        v -> {
                            VolumeCopy.flip(v.file(reached), 30);
                            VolumeCopy.flip(v.file(reached), 542);
                        },
                        DAMAGED,
                        "raft.reached is damaged",
                        ADVICE),
                refused("reached: cut", v -> VolumeCopy.truncate(v.file(reached), 700), DAMAGED, "is damaged", ADVICE),
                refused("reached: zeros", v -> VolumeCopy.zeroFrom(v.file(reached), 0), DAMAGED, "is damaged", ADVICE),
                refused("reached: gone", v -> Files.delete(v.file(reached)), DAMAGED, "raft.reached is gone", ADVICE),
                refused(
                        "both marks: gone",
                        v -> {
                            Files.delete(v.file(started));
                            Files.delete(v.file(reached));
                        },
                        DAMAGED,
                        "are gone",
                        ADVICE));
    }

    private static Stream<Case> vote() {
        return Stream.of(
                refused(
                        "vote: an older term",
                        v -> Files.writeString(
                                v.file("raft-meta"),
                                Files.readString(v.file("raft-meta")).replaceAll("term=\\d+", "term=1")),
                        DAMAGED,
                        "says term 1",
                        ADVICE),
                refused(
                        "vote: for another",
                        v -> Files.writeString(
                                v.file("raft-meta"),
                                Files.readString(v.file("raft-meta")).replaceAll("votedFor=node", "votedFor=nodf")),
                        DAMAGED,
                        "had voted for 'node-1",
                        ADVICE),
                refused("vote: cut", v -> VolumeCopy.truncate(v.file("raft-meta"), 40), DAMAGED, ADVICE),
                refused("vote: zeros", v -> VolumeCopy.zeroFrom(v.file("raft-meta"), 0), DAMAGED, "can't be read"),
                refused(
                        "vote: gone",
                        v -> Files.delete(v.file("raft-meta")),
                        CONFIGURATION,
                        "Raft log",
                        "gone",
                        ADVICE));
    }

    /** The log of a node that died has the configuration, too. */
    private static Stream<Case> configuration() {
        String file = "raft-meta\\.conf";
        return Stream.of(
                mended("configuration: a flipped bit", v -> VolumeCopy.flipMiddle(v.file(file))),
                mended("configuration: cut", v -> VolumeCopy.halve(v.file(file))),
                mended("configuration: zeros", v -> VolumeCopy.zeroSecondHalf(v.file(file))),
                mended("configuration: gone", v -> Files.delete(v.file(file))));
    }

    private static Stream<Case> snapshots() {
        return Stream.of(
                mended("newest snapshot: a flipped bit", v -> VolumeCopy.flipMiddle(v.file(ANY_SNAPSHOT))),
                mended("newest snapshot: cut", v -> VolumeCopy.halve(v.file(ANY_SNAPSHOT))),
                mended("newest snapshot: zeros", v -> VolumeCopy.zeroSecondHalf(v.file(ANY_SNAPSHOT))),
                mended("newest snapshot: gone", v -> Files.delete(v.file(ANY_SNAPSHOT))),
                mended(
                        "older snapshot: a flipped bit",
                        v -> VolumeCopy.flipMiddle(v.files(ANY_SNAPSHOT).getFirst())),
                mended(
                        "older snapshot: gone",
                        v -> Files.delete(v.files(ANY_SNAPSHOT).getFirst())),
                mended("both snapshots: a flipped bit, and the log has it all", v -> {
                    for (Path snapshot : v.files(ANY_SNAPSHOT)) {
                        VolumeCopy.flipMiddle(snapshot);
                    }
                }),
                refused(
                        "newest snapshot: a flipped bit, and the log begins behind it",
                        v -> {
                            VolumeCopy.flipMiddle(v.file(ANY_SNAPSHOT));
                            Files.delete(v.files(CLOSED).getFirst());
                        },
                        DAMAGED,
                        "the snapshot",
                        "is damaged",
                        ADVICE),
                refused(
                        "newest snapshot: gone, and the log begins behind it",
                        v -> {
                            Files.delete(v.file(ANY_SNAPSHOT));
                            Files.delete(v.files(CLOSED).getFirst());
                        },
                        DAMAGED,
                        "lacks the entries from",
                        ADVICE),
                refused(
                        "snapshots: gone, and the log begins behind them",
                        v -> {
                            VolumeCopy.delete(v.file("sm"));
                            Files.delete(v.files(CLOSED).getFirst());
                        },
                        DAMAGED,
                        "lacks the entries from 0",
                        ADVICE),
                mended("digest: a flipped bit", v -> VolumeCopy.flip(v.file(ANY_DIGEST), 3)),
                mended("digest: cut", v -> VolumeCopy.halve(v.file(ANY_DIGEST))),
                mended("digest: gone", v -> Files.delete(v.file(ANY_DIGEST))),
                mended(
                        "older digest: cut",
                        v -> VolumeCopy.halve(v.files(ANY_DIGEST).getFirst())),
                mended(
                        "a snapshot that was not finished",
                        v -> Files.write(v.file("sm").resolve("snapshot.1_7.unfinished"), new byte[10])));
    }

    private static Stream<Case> coveredSegment() {
        return Stream.of(
                mended(
                        "segment below the snapshot: a flipped bit",
                        v -> VolumeCopy.flipMiddle(v.files(CLOSED).getFirst())),
                mended(
                        "segment below the snapshot: cut",
                        v -> VolumeCopy.halve(v.files(CLOSED).getFirst())),
                mended(
                        "segment below the snapshot: gone",
                        v -> Files.delete(v.files(CLOSED).getFirst())));
    }

    private static Stream<Case> segment() {
        return Stream.of(
                refused("closed segment: a flipped bit", v -> VolumeCopy.flipMiddle(v.file(CLOSED)), DAMAGED, ADVICE),
                refused(
                        "closed segment: a flipped bit at its end",
                        v -> VolumeCopy.flip(v.file(CLOSED), VolumeCopy.content(v.file(CLOSED)) - 1),
                        DAMAGED,
                        "is damaged behind entry",
                        ADVICE),
                refused("closed segment: its header", v -> VolumeCopy.flip(v.file(CLOSED), 2), DAMAGED, ADVICE),
                refused("closed segment: cut", v -> VolumeCopy.halve(v.file(CLOSED)), DAMAGED, ADVICE),
                refused("closed segment: cut to nothing", v -> VolumeCopy.truncate(v.file(CLOSED), 0), DAMAGED, ADVICE),
                refused("closed segment: zeros", v -> VolumeCopy.zeroSecondHalf(v.file(CLOSED)), DAMAGED, ADVICE),
                refused(
                        "closed segment: gone",
                        v -> Files.delete(v.file(CLOSED)),
                        DAMAGED,
                        "lacks the entries from",
                        ADVICE));
    }

    private static Stream<Case> end() {
        return Stream.of(
                refused("open segment: its header", v -> VolumeCopy.flip(v.openSegment(), 2), DAMAGED, ADVICE),
                refused("open segment: a flipped bit", v -> VolumeCopy.flipMiddle(v.openSegment()), DAMAGED, ADVICE),
                refused(
                        "open segment: a flipped length",
                        v -> VolumeCopy.flip(v.openSegment(), 8),
                        DAMAGED,
                        "is damaged behind entry",
                        ADVICE),
                refused(
                        "open segment: a flipped bit in the last entry",
                        v -> VolumeCopy.flip(v.openSegment(), VolumeCopy.content(v.openSegment()) - 30),
                        DAMAGED,
                        ADVICE),
                refused(
                        "open segment: cut in the last entry",
                        v -> VolumeCopy.truncate(v.openSegment(), VolumeCopy.content(v.openSegment()) - 7),
                        DAMAGED,
                        "its end is gone",
                        ADVICE),
                refused(
                        "open segment: cut",
                        v -> VolumeCopy.halve(v.openSegment()),
                        DAMAGED,
                        "its end is gone",
                        ADVICE),
                refused(
                        "open segment: cut to nothing",
                        v -> VolumeCopy.truncate(v.openSegment(), 0),
                        DAMAGED,
                        "its end is gone"),
                refused(
                        "open segment: zeros",
                        v -> VolumeCopy.zeroSecondHalf(v.openSegment()),
                        DAMAGED,
                        "its end is gone"),
                refused(
                        "open segment: zeros in the last entry",
                        v -> VolumeCopy.zeroFrom(v.openSegment(), VolumeCopy.content(v.openSegment()) - 60),
                        DAMAGED,
                        "its end is gone"),
                refused("open segment: gone", v -> Files.delete(v.openSegment()), DAMAGED, "its end is gone", ADVICE),
                refused(
                        "open segment: something far behind its end",
                        v -> VolumeCopy.write(
                                v.openSegment(), VolumeCopy.content(v.openSegment()) + 5_000, new byte[] {9}),
                        DAMAGED,
                        ADVICE),
                mended(
                        "open segment: an unfinished write behind its end",
                        v -> VolumeCopy.write(v.openSegment(), VolumeCopy.content(v.openSegment()), new byte[] {
                            90, 8, 3, 16, 4, 40, 1, 1, 1
                        })),
                mended("open segment: an unfinished write at the end of the file", v -> {
                    long end = VolumeCopy.content(v.openSegment());
                    VolumeCopy.truncate(v.openSegment(), end);
                    VolumeCopy.write(v.openSegment(), end, new byte[] {90, 8, 3, 16, 4});
                }));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aNodeThatDied(Case one) throws Exception {
        VolumeCopy volume = VolumeCopy.of(died, directory.resolve(NODE));
        one.damage.to(volume);

        if (one.status == 0) {
            assertStartsWithAll(keys);
        } else {
            assertThatThrownBy(() -> cluster.start(NODE))
                    .hasMessageContaining(one.status == DAMAGED ? "ended with 4: " : "")
                    .satisfies(failure -> assertThat(status(failure)).isEqualTo(one.status))
                    .satisfies(failure -> assertThat(failure.getMessage()).contains(one.says));
        }
    }

    private static int status(Throwable failure) {
        boolean damaged = String.valueOf(failure.getMessage()).startsWith("ended with 4");
        return damaged ? DAMAGED : CONFIGURATION;
    }

    /** Started twice: what was mended must be so for good. */
    private static void assertStartsWithAll(int expected) throws Exception {
        for (int start = 0; start < 2; start++) {
            RaftNode node = cluster.start(NODE);
            try {
                cluster.leader();
                node.barrier().get(5, TimeUnit.SECONDS);
                int there = node.read(state -> {
                    int count = 0;
                    for (int i = 0; i < keys; i++) {
                        count += state.kv("default/k" + i).isPresent() ? 1 : 0;
                    }
                    return count;
                });
                assertThat(there).isEqualTo(expected);
                assertThat(node.status().state().peers()).hasSize(1);
            } finally {
                cluster.stop(NODE);
            }
        }
    }

    static Stream<Case> stoppedCases() {
        return Stream.of(
                mended("all of the log: gone", v -> {
                    for (Path segment : v.files("log_.*")) {
                        Files.delete(segment);
                    }
                }),
                mended("from before there were notes", v -> {
                    Files.delete(v.file("raft\\.reached"));
                    VolumeCopy.truncate(v.file("raft\\.started"), 0);
                }),
                refused(
                        "the configuration, which the log has no more",
                        v -> {
                            for (Path segment : v.files("log_.*")) {
                                Files.delete(segment);
                            }
                            VolumeCopy.flipMiddle(v.file("raft-meta\\.conf"));
                        },
                        DAMAGED,
                        "other peers than there are",
                        ADVICE));
    }

    @ParameterizedTest
    @MethodSource("stoppedCases")
    void aNodeThatWasStopped(Case one) throws Exception {
        VolumeCopy volume = VolumeCopy.of(stopped, directory.resolve(NODE));
        one.damage.to(volume);

        if (one.status == 0) {
            assertStartsWithAll(keys);
        } else {
            assertThatThrownBy(() -> cluster.start(NODE))
                    .satisfies(failure -> assertThat(failure.getMessage())
                            .startsWith("ended with " + one.status)
                            .contains(one.says));
        }
    }

    /** The limit: what was acknowledged in the second before the end is noted nowhere but in the log itself. */
    @Test
    void anEntryThatNothingNotedIsMissedByNobody() throws Exception {
        VolumeCopy volume = VolumeCopy.of(died, directory.resolve(NODE));
        Files.copy(notes, volume.file("raft\\.reached"), StandardCopyOption.REPLACE_EXISTING);
        VolumeCopy.truncate(volume.openSegment(), VolumeCopy.content(volume.openSegment()) - 7);

        assertStartsWithAll(keys - 1);
    }
}
