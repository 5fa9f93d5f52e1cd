package io.groupmembership.operator.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class WriteLaneTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;
    private static final WriteLane.Limits LIMITS = new WriteLane.Limits(Duration.ofSeconds(1), 3);

    private final WriteLane<String> lane = new WriteLane<>(new WriteWindow(20), LIMITS);

    private void written(String key, long now) {
        assertThat(lane.turn(now)).contains(key);
        assertThat(lane.begin(key, now)).isTrue();
        lane.end(key, now);
    }

    @Test
    void turnsAreInTheOrderOfTheFirstChange() {
        lane.changed("a", 0);
        lane.changed("b", 1);
        lane.changed("a", 2);

        written("a", 3);
        written("b", 3);
        assertThat(lane.turn(3)).isEmpty();
        assertThat(lane.nextTurnAt(3))
                .as("when the gap of the first one is over")
                .isEqualTo(3 + SECOND);
    }

    @Test
    void whatChangesOftenIsWrittenOnceInTheGapAndOnceBehindIt() {
        lane.changed("a", 0);
        written("a", 0);
        for (long at = 1; at < 900; at++) {
            lane.changed("a", at * MILLI);
            assertThat(lane.turn(at * MILLI)).isEmpty();
        }

        assertThat(lane.nextTurnAt(900 * MILLI)).isEqualTo(SECOND);
        written("a", SECOND);
        assertThat(lane.turn(5 * SECOND)).isEmpty();
        assertThat(lane.nextTurnAt(5 * SECOND)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aChangeDuringAWriteIsWrittenBehindTheGap() {
        lane.changed("a", 0);
        lane.begin("a", 0);
        lane.changed("a", 10 * MILLI);
        lane.end("a", 20 * MILLI);

        assertThat(lane.turn(999 * MILLI)).isEmpty();
        assertThat(lane.turn(SECOND)).contains("a");
    }

    @Test
    void oneBusyKeyDoesNotKeepOthersFromTheirTurn() {
        for (int i = 0; i < 60; i++) {
            lane.changed("k" + i, 0);
        }
        lane.changed("late", 1);
        long now = 1;
        int turns = 0;
        for (String key = ""; !key.equals("late"); turns++) {
            now = Math.max(now, lane.nextTurnAt(now));
            key = lane.turn(now).orElseThrow();
            written(key, now);
            lane.changed("k0", now);
        }
        assertThat(turns).isLessThanOrEqualTo(64);
    }

    @Test
    void withinASecondAtMostSoManyBegin() {
        for (int i = 0; i < 25; i++) {
            lane.changed("k" + i, 0);
        }
        for (int i = 0; i < 20; i++) {
            written("k" + i, i * MILLI);
        }

        assertThat(lane.turn(30 * MILLI)).isEmpty();
        assertThat(lane.nextTurnAt(30 * MILLI)).isEqualTo(SECOND);
        written("k20", SECOND);
        assertThat(lane.turn(SECOND)).isEmpty();
        written("k21", SECOND + MILLI);
    }

    @Test
    void aWindowMayBeSharedAndWhoComesTooLateKeepsItsTurn() {
        WriteWindow window = new WriteWindow(1);
        WriteLane<String> one = new WriteLane<>(window, LIMITS);
        WriteLane<String> two = new WriteLane<>(window, LIMITS);
        one.changed("a", 0);
        two.changed("b", 0);
        assertThat(one.turn(0)).contains("a");
        assertThat(two.turn(0)).contains("b");

        assertThat(one.begin("a", 0)).isTrue();
        assertThat(two.begin("b", 0)).isFalse();
        assertThat(two.nextTurnAt(0)).isEqualTo(SECOND);
        assertThat(two.turn(SECOND)).contains("b");
    }

    @Test
    void atMostSoManyAreUnderWay() {
        for (int i = 0; i < 4; i++) {
            lane.changed("k" + i, 0);
        }
        for (int i = 0; i < 3; i++) {
            lane.begin("k" + i, 0);
        }
        assertThat(lane.turn(0)).isEmpty();
        assertThat(lane.nextTurnAt(0)).isEqualTo(Long.MAX_VALUE);

        lane.end("k1", 1);
        assertThat(lane.turn(1)).contains("k3");
    }

    @Test
    void aFailureIsTriedAgainTwiceAsLateEachTime() {
        lane.changed("a", 0);
        long now = 0;
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            lane.begin("a", now);
            lane.failed("a", now);
            long next = lane.nextTurnAt(now);
            waits.add((next - now) / SECOND);
            now = next;
            assertThat(lane.turn(now)).contains("a");
        }
        assertThat(waits).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
    }

    @Test
    void whenItsCauseIsGoneAFailureIsTriedAgainAtOnce() {
        lane.changed("a", 0);
        for (long now : new long[] {0, 10 * SECOND, 20 * SECOND}) {
            assertThat(lane.turn(now)).contains("a");
            lane.begin("a", now);
            lane.failed("a", now);
        }
        assertThat(lane.turn(21 * SECOND)).isEmpty();

        lane.retryAll(21 * SECOND);
        assertThat(lane.turn(21 * SECOND)).contains("a");
    }

    @Test
    void refreshesComeBehindChangesAndAChangeMovesAKeyUp() {
        lane.refresh("a", 0);
        lane.refresh("b", 0);
        lane.changed("c", 1);
        lane.changed("b", 2);

        written("c", 3);
        written("b", 3);
        written("a", 3);
    }

    @Test
    void somethingIsLookedAtAgainWhenItsTimeComesOrWhenItChanges() {
        lane.lookAgain("a", 60 * SECOND, 0);
        lane.lookAgain("b", 60 * SECOND, 0);
        assertThat(lane.turn(SECOND)).isEmpty();
        assertThat(lane.waiting()).isZero();

        lane.changed("b", SECOND);
        assertThat(lane.turn(SECOND)).contains("b");
        lane.skip("b");
        assertThat(lane.nextTurnAt(SECOND)).isEqualTo(60 * SECOND);
        assertThat(lane.turn(60 * SECOND)).contains("a");
    }

    @Test
    void aWriteThatMakesAnotherOneDueHasNoGap() {
        lane.changed("a", 0);
        lane.begin("a", 0);
        lane.endDue("a", MILLI);

        assertThat(lane.turn(MILLI)).contains("a");
    }

    @Test
    void onlyWhoseTurnItIsMayBegin() {
        assertThatThrownBy(() -> lane.begin("a", 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> lane.skip("a")).isInstanceOf(IllegalStateException.class);
    }

    /** Random changes, slow and failing writes: everything is written at last, and no limit is ever exceeded. */
    @Test
    void whateverHappensTheLastStateIsWrittenAndTheLimitsHold() {
        for (int seed = 0; seed < 300; seed++) {
            new Run(new Random(seed), "seed " + seed).check();
        }
    }

    private static final class Run {
        private final Random random;
        private final String seed;
        private final int perSecond;
        private final WriteLane.Limits limits;
        private final WriteLane<Integer> lane;
        private final Map<Integer, Integer> model = new HashMap<>();
        private final Map<Integer, Integer> written = new HashMap<>();
        private final List<Long> begun = new ArrayList<>();
        private final Map<Integer, Long> begunOfKey = new HashMap<>();
        /** Key, and what is being written, by when it ends. */
        private final TreeMap<Long, int[]> underWay = new TreeMap<>();

        private long now;

        Run(Random random, String seed) {
            this.random = random;
            this.seed = seed;
            this.perSecond = 1 + random.nextInt(20);
            this.limits = new WriteLane.Limits(Duration.ofMillis(100 + random.nextInt(1_500)), 1 + random.nextInt(4));
            this.lane = new WriteLane<>(new WriteWindow(perSecond), limits);
        }

        void check() {
            int keys = 1 + random.nextInt(30);
            for (int step = 0; step < 300; step++) {
                int key = random.nextInt(keys);
                model.merge(key, 1, Integer::sum);
                if (random.nextInt(10) == 0) {
                    lane.refresh(key, now);
                }
                lane.changed(key, now);
                runUntil(now + random.nextLong(100 * MILLI), true);
            }
            // then it becomes quiet, and nothing fails any more
            runUntil(now + 1_000 * SECOND, false);
            assertThat(written).as(seed).isEqualTo(model);
            assertThat(lane.waiting()).as(seed).isZero();
        }

        private void runUntil(long end, boolean failures) {
            while (true) {
                step(failures);
                long next = lane.nextTurnAt(now);
                if (!underWay.isEmpty()) {
                    next = Math.min(next, underWay.firstKey());
                }
                if (next > end) {
                    now = end;
                    return;
                }
                now = Math.max(now, next);
            }
        }

        private void step(boolean failures) {
            while (!underWay.isEmpty() && underWay.firstKey() <= now) {
                int[] write = underWay.pollFirstEntry().getValue();
                if (failures && random.nextInt(5) == 0) {
                    lane.failed(write[0], now);
                } else {
                    written.put(write[0], write[1]);
                    lane.end(write[0], now);
                }
            }
            for (Optional<Integer> turn = lane.turn(now); turn.isPresent(); turn = lane.turn(now)) {
                int key = turn.get();
                int state = model.getOrDefault(key, 0);
                if (state == written.getOrDefault(key, 0)) {
                    lane.skip(key);
                    continue;
                }
                assertThat(lane.begin(key, now)).isTrue();
                checkLimits(key);
                long ends = now + 1 + random.nextLong(300 * MILLI);
                while (underWay.containsKey(ends)) {
                    ends++;
                }
                underWay.put(ends, new int[] {key, state});
            }
        }

        private void checkLimits(int key) {
            begun.add(now);
            if (begun.size() > perSecond) {
                assertThat(now - begun.get(begun.size() - 1 - perSecond))
                        .as(seed)
                        .isGreaterThanOrEqualTo(SECOND);
            }
            Long last = begunOfKey.put(key, now);
            if (last != null) {
                assertThat(now - last)
                        .as(seed)
                        .isGreaterThanOrEqualTo(limits.gap().toNanos());
            }
            assertThat(underWay.size() + 1).as(seed).isLessThanOrEqualTo(limits.concurrent());
        }
    }
}
