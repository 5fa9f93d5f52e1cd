package io.groupmembership.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The table against the simplest thing that does the same. */
class MemberTableTest {
    private final MemberTable table = new MemberTable();
    private final LinkedHashMap<String, Member> model = new LinkedHashMap<>();
    private long incarnation;

    private void add(String id) {
        Member member = new Member(TestCluster.agent(id, 1), ++incarnation, 1, 0);
        table.add(member);
        model.put(id, member);
    }

    private void remove(String id) {
        Member member = model.remove(id);
        assertThat(member).isNotNull();
        if (member != null) {
            table.remove(member);
        }
    }

    private void replace(String id) {
        Member moved = table.find(id).orElseThrow().assignedTo(3);
        table.replace(moved);
        model.replace(id, moved);
    }

    private void check(List<String> ids) {
        assertThat(table.size()).isEqualTo(model.size());
        assertThat(table.toArray()).containsExactly(model.values().toArray(new Member[0]));
        List<Member> visited = new ArrayList<>();
        table.forEach(visited::add);
        assertThat(visited).containsExactlyElementsOf(model.values());
        assertThat(table.first()).isEqualTo(model.values().stream().findFirst());
        for (String id : ids) {
            Member expected = model.get(id);
            assertThat(table.find(id).orElse(null)).isSameAs(expected);
            assertThat(table.sameId(TestCluster.agent(id, 9))).isSameAs(expected);
            if (expected != null) {
                assertThat(table.byIncarnation(expected.incarnation()).orElse(null))
                        .isSameAs(expected);
            }
        }
        assertThat(table.byIncarnation(incarnation + 1)).isEmpty();
        assertThat(table.byIncarnation(0)).isEmpty();
    }

    @Property(tries = 150)
    void doesWhatALinkedMapDoes(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 3_000) int ids, @ForAll boolean colliding) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> names = names(Math.min(ids, colliding ? 256 : ids), colliding);
        // phases: it grows, it churns, it shrinks, it grows again
        for (int phase = 0; phase < 4; phase++) {
            int joinPercent = new int[] {90, 50, 10, 60}[phase];
            for (int step = 0; step < 2 * names.size(); step++) {
                String name = names.get(random.nextInt(names.size()));
                if (!model.containsKey(name)) {
                    if (random.nextInt(100) < joinPercent) {
                        add(name);
                    }
                } else if (random.nextInt(100) >= joinPercent) {
                    remove(name);
                } else if (random.nextInt(10) == 0) {
                    replace(name);
                }
            }
            check(names);
        }
        List.copyOf(model.keySet()).forEach(this::remove);
        check(names);
    }

    /** Names whose polynomial hash is the same: "Aa" and "BB" are interchangeable in it. */
    private static List<String> names(int count, boolean colliding) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder name = new StringBuilder();
            if (colliding) {
                for (int bit = 0; bit < 8; bit++) {
                    name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
                }
            } else {
                name.append("m").append(i);
            }
            names.add(name.toString());
        }
        return names;
    }

    @Example
    void wholeChunksGoFromTheFrontTheMiddleAndTheEnd() {
        List<String> names = names(512 * 5 + 1, false);
        names.forEach(this::add);
        check(names);
        names.subList(512, 1024).forEach(this::remove);
        check(names);
        names.subList(0, 512).forEach(this::remove);
        check(names);
        names.subList(2048, 2561).reversed().forEach(this::remove);
        check(names);
        names.subList(0, 300).forEach(this::add);
        check(names);
    }

    @Example
    void theFirstOfEachChunkGoesAgainAndAgain() {
        List<String> names = names(512 * 3, false);
        names.forEach(this::add);
        for (int i = 0; i < 512; i++) {
            for (int chunk = 0; chunk < 3; chunk++) {
                remove(names.get(chunk * 512 + i));
            }
            if (i % 50 == 0) {
                check(names);
            }
        }
        check(names);
    }

    @Example
    void whoIsGoneIsNotHeldOnTo() {
        List<String> names = names(2_000, false);
        names.forEach(this::add);
        names.forEach(this::replace);
        names.subList(10, 2_000).forEach(this::remove);
        names.subList(0, 9).reversed().forEach(this::remove);
        assertThat(table.referenced())
                .hasSize(1)
                .allMatch(member -> member.memberId().equals("m9"));
    }

    @Example
    void aTableThatWasLargeIsSmallAgain() {
        List<String> names = names(100_000, false);
        names.forEach(this::add);
        assertThat(table.capacity()).isBetween(100_000, 500_000);
        // When: every hundredth stays, the worst for chunks
        for (int i = 0; i < names.size(); i++) {
            if (i % 100 != 0) {
                remove(names.get(i));
            }
        }
        // Then
        assertThat(table.capacity()).isLessThan(20_000);
        check(names.subList(0, 1_000));
        List.copyOf(model.keySet()).forEach(this::remove);
        assertThat(table.capacity()).isLessThan(100);
    }

    /** Whoever chooses ids by String's hash must not make every lookup a walk. */
    @Example
    void idsOfOnePolynomialHashDoNotCollide() {
        List<String> names = names(256, true);
        assertThat(names.stream().map(String::hashCode).distinct()).hasSize(1);
        long distinct = names.stream()
                .map(name -> TestCluster.agent(name, 1).idHash())
                .distinct()
                .count();
        assertThat(distinct).isEqualTo(256);
    }

    @Example
    void theHashOfAnIdIsThatOfItsBytesWhereverTheyStand() {
        for (String id : List.of("a", "ab", "abcdefg", "abcdefgh", "abcdefghi", "abcdefghijklmnopq", "x".repeat(253))) {
            byte[] bytes = MemberSpec.idBytes(id);
            assertThat(TestCluster.agent(id, 1).idHash())
                    .isEqualTo(MemberSpec.hash(bytes))
                    .isEqualTo(TestCluster.plain(id, "10.0.0.1:1").idHash());
        }
    }

    @Example
    void theArrayBelongsToTheCaller() {
        names(10, false).forEach(this::add);
        Member[] mine = table.toArray();
        Arrays.fill(mine, mine[0]);
        check(names(10, false));
        assertThat(Map.copyOf(model)).hasSize(10);
    }
}
