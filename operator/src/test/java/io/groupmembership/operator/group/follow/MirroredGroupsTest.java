package io.groupmembership.operator.group.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.operator.group.follow.MirroredGroups.Counts;
import io.groupmembership.operator.group.follow.MirroredGroups.Effect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class MirroredGroupsTest {
    private static final GroupKey A = new GroupKey("shop", "a");
    private static final GroupKey B = new GroupKey("shop", "b");
    private static final OptionalLong NO_ID = OptionalLong.empty();

    private final MirroredGroups groups = new MirroredGroups(10, 100);

    private static MirroredMember member(long incarnation) {
        return new MirroredMember("m" + incarnation, incarnation, Optional.empty());
    }

    private static WatchEvent.Whole whole(GroupKey key, long view, OptionalLong id, long... incarnations) {
        MemberTable members = new MemberTable();
        Arrays.stream(incarnations).forEach(incarnation -> members.add(member(incarnation)));
        return new WatchEvent.Whole(key, view, members, id);
    }

    private static WatchEvent.Change joined(GroupKey key, long view, long id, long... incarnations) {
        return new WatchEvent.Change(
                key,
                view,
                Arrays.stream(incarnations).mapToObj(MirroredGroupsTest::member).toList(),
                List.of(),
                OptionalLong.of(id));
    }

    private static WatchEvent.Change left(GroupKey key, long view, long id, long... incarnations) {
        return new WatchEvent.Change(
                key,
                view,
                List.of(),
                Arrays.stream(incarnations).mapToObj(MirroredGroupsTest::gone).toList(),
                OptionalLong.of(id));
    }

    private static Departure gone(long incarnation) {
        return new Departure("m" + incarnation, incarnation, "crashed");
    }

    private GroupSummary summary(GroupKey key) {
        return groups.summary(key, 100).orElse(GroupSummary.NONE);
    }

    private void given(WatchEvent... events) {
        for (WatchEvent event : events) {
            assertThat(groups.apply(event)).isInstanceOf(Effect.Changed.class);
        }
    }

    @Test
    void aClusterWithoutGroupsIsCompleteAtItsFirstId() {
        given(new WatchEvent.Nothing(OptionalLong.of(3)));

        assertThat(groups.isComplete()).isTrue();
        assertThat(groups.position()).hasValue(3);
        assertThat(groups.counts()).isEqualTo(new Counts(0, 0));
    }

    @Test
    void nothingIsCompleteBeforeTheLastOfTheWholeViews() {
        given(whole(A, 4, NO_ID, 1, 2));
        assertThat(groups.isComplete()).isFalse();
        assertThat(groups.position()).isEmpty();

        given(whole(B, 1, OptionalLong.of(9), 3));
        assertThat(groups.isComplete()).isTrue();
        assertThat(groups.position()).hasValue(9);
        assertThat(groups.counts()).isEqualTo(new Counts(2, 3));
    }

    @Test
    void changesFollowTheViewBeforeThem() {
        given(whole(A, 4, OptionalLong.of(9), 1, 2), joined(A, 5, 10, 5), left(A, 6, 11, 1));

        assertThat(summary(A)).isEqualTo(new GroupSummary(6, 2, List.of("m2", "m5")));
        assertThat(summary(A).leader()).contains("m2");
        assertThat(groups.position()).hasValue(11);
    }

    @Test
    void aReplacementLeavesAndJoinsInOneView() {
        given(
                whole(A, 1, OptionalLong.of(9), 1, 2),
                new WatchEvent.Change(A, 2, List.of(member(3)), List.of(gone(1)), OptionalLong.of(10)));

        assertThat(summary(A).firstIds()).containsExactly("m2", "m3");
    }

    @Test
    void aGroupThatIsNewBeginsWithItsFirstJoin() {
        given(new WatchEvent.Nothing(OptionalLong.of(3)), joined(A, 1, 4, 1));

        assertThat(summary(A)).isEqualTo(new GroupSummary(1, 1, List.of("m1")));
    }

    @Test
    void aChangeThatComesAgainIsPassedOver() {
        given(whole(A, 4, OptionalLong.of(9), 1, 2), left(A, 5, 10, 1));

        assertThat(groups.apply(left(A, 5, 10, 1))).isEqualTo(new Effect.Changed(List.of()));
        assertThat(summary(A).members()).isEqualTo(1);
    }

    @Test
    void aGroupThatWasForgottenWhileEmptyComesBackWithAHigherNumber() {
        given(whole(A, 4, OptionalLong.of(9), 1), left(A, 5, 10, 1), joined(A, 77, 20, 8));

        assertThat(summary(A)).isEqualTo(new GroupSummary(77, 1, List.of("m8")));
    }

    @Test
    void aResetTakesThePlaceOfEverythingAndDropsWhatIsNotInIt() {
        given(whole(A, 4, NO_ID, 1), whole(B, 2, OptionalLong.of(9), 2));

        Effect effect = groups.apply(whole(B, 7, OptionalLong.of(40), 5));

        assertThat(effect)
                .isInstanceOfSatisfying(
                        Effect.Changed.class,
                        changed -> assertThat(changed.groups()).containsExactlyInAnyOrder(A, B));
        assertThat(groups.summary(A, 1)).isEmpty();
        assertThat(summary(B).firstIds()).containsExactly("m5");
        assertThat(groups.counts()).isEqualTo(new Counts(1, 1));
    }

    @Test
    void wholeViewsThatWereCutOffBeginAgainAndLoseNoGroup() {
        given(whole(A, 4, NO_ID, 1), whole(B, 2, OptionalLong.of(9), 2));
        given(whole(A, 5, NO_ID, 1, 3));
        assertThat(groups.position()).as("half of everything is no position").isEmpty();

        groups.disconnected();
        assertThat(summary(B).members()).isEqualTo(1);
        given(whole(A, 6, NO_ID, 3), whole(B, 2, OptionalLong.of(12), 2));

        assertThat(groups.counts()).isEqualTo(new Counts(2, 2));
        assertThat(groups.position()).hasValue(12);
    }

    @Test
    void whatDoesNotFitIsAContradictionThatChangesNothing() {
        given(whole(A, 4, OptionalLong.of(9), 1, 2));

        for (WatchEvent wrong : List.of(
                joined(A, 6, 10, 5),
                left(A, 5, 10, 3),
                left(A, 5, 10, 1, 3),
                joined(A, 5, 10, 2),
                joined(A, 5, 10, 7, 6),
                left(B, 3, 10, 9))) {
            assertThat(groups.apply(wrong)).as(wrong.toString()).isInstanceOf(Effect.Contradiction.class);
            assertThat(summary(A)).isEqualTo(new GroupSummary(4, 2, List.of("m1", "m2")));
            assertThat(groups.position()).as("begins anew").isEmpty();
        }
    }

    @Test
    void changesBeforeOrAmongWholeViewsAreContradictions() {
        assertThat(groups.apply(joined(A, 1, 4, 1))).isInstanceOf(Effect.Contradiction.class);
        given(whole(A, 4, NO_ID, 1));
        assertThat(groups.apply(joined(A, 5, 10, 2))).isInstanceOf(Effect.Contradiction.class);
    }

    @Test
    void moreThanTheBoundsIsAContradiction() {
        given(new WatchEvent.Nothing(OptionalLong.of(1)));
        long[] many = new long[101];
        Arrays.setAll(many, i -> i + 1);

        assertThat(groups.apply(joined(A, 1, 2, many))).isInstanceOf(Effect.Contradiction.class);
    }

    /** Views are made at random; the stream breaks at random, and goes on from the position or begins with everything. */
    @Test
    void whereverTheStreamBreaksTheMirrorEndsUpAsTheNodesAre() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            MirroredGroups mirror = new MirroredGroups(1_000, 100_000);
            TinyCluster cluster = new TinyCluster(random);
            int from = -1;
            for (int burst = 0; burst < 10; burst++) {
                cluster.change(1 + random.nextInt(20));
                List<WatchEvent> stream = from < 0 || random.nextInt(4) == 0
                        ? cluster.everything()
                        : cluster.since(mirror.position().orElseThrow());
                int end = burst == 9 ? stream.size() : random.nextInt(stream.size() + 1);
                for (WatchEvent event : stream.subList(0, end)) {
                    assertThat(mirror.apply(event)).as("seed " + seed).isInstanceOf(Effect.Changed.class);
                }
                mirror.disconnected();
                from = mirror.position().isPresent() ? 0 : -1;
            }
            cluster.views.forEach((key, view) -> assertThat(mirror.summary(key, 1_000))
                    .contains(new GroupSummary(
                            view.number,
                            view.members.size(),
                            view.members.values().stream()
                                    .map(MirroredMember::memberId)
                                    .toList())));
            assertThat(mirror.counts().members())
                    .isEqualTo(cluster.views.values().stream()
                            .mapToInt(view -> view.members.size())
                            .sum());
        }
    }

    /** A cluster's views and its history, several changes in one log entry at times. */
    private static final class TinyCluster {
        private static final class View {
            private long number;
            private final TreeMap<Long, MirroredMember> members = new TreeMap<>();
        }

        private final Random random;
        private final Map<GroupKey, View> views = new HashMap<>();
        private final List<WatchEvent.Change> history = new ArrayList<>();
        private final List<Long> indexes = new ArrayList<>();
        private long incarnation;
        private long logIndex = 1;

        TinyCluster(Random random) {
            this.random = random;
        }

        void change(int entries) {
            for (int entry = 0; entry < entries; entry++) {
                logIndex += 1 + random.nextInt(3);
                int changes = 1 + random.nextInt(3);
                for (int i = 0; i < changes; i++) {
                    changeOne(i == changes - 1);
                }
            }
        }

        private void changeOne(boolean last) {
            GroupKey key = new GroupKey("n", "g" + random.nextInt(4));
            View view = views.computeIfAbsent(key, first -> new View());
            List<Long> left = view.members.keySet().stream()
                    .filter(member -> random.nextInt(3) == 0)
                    .toList();
            left.forEach(view.members::remove);
            List<MirroredMember> joined = new ArrayList<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                joined.add(member(++incarnation));
            }
            joined.forEach(member -> view.members.put(member.incarnation(), member));
            view.number++;
            history.add(new WatchEvent.Change(
                    key,
                    view.number,
                    joined,
                    left.stream().map(MirroredGroupsTest::gone).toList(),
                    last ? OptionalLong.of(logIndex) : NO_ID));
            indexes.add(logIndex);
        }

        List<WatchEvent> since(long position) {
            List<WatchEvent> events = new ArrayList<>();
            for (int i = 0; i < history.size(); i++) {
                if (indexes.get(i) > position) {
                    events.add(history.get(i));
                }
            }
            return events;
        }

        List<WatchEvent> everything() {
            List<WatchEvent> events = new ArrayList<>();
            int remaining = views.size();
            for (Map.Entry<GroupKey, View> entry : views.entrySet()) {
                remaining--;
                events.add(whole(
                        entry.getKey(),
                        entry.getValue().number,
                        remaining == 0 ? OptionalLong.of(logIndex) : NO_ID,
                        entry.getValue().members.keySet().stream()
                                .mapToLong(Long::longValue)
                                .toArray()));
            }
            return events;
        }
    }
}
