package io.groupmembership.operator.group.follow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class MemberTableTest {
    private static MirroredMember member(String id, long incarnation) {
        return new MirroredMember(id, incarnation, Optional.empty());
    }

    @Test
    void membersAreInJoinOrder() {
        MemberTable table = new MemberTable();
        assertThat(table.add(member("b", 3))).isTrue();
        assertThat(table.add(member("a", 7))).isTrue();

        assertThat(table.add(member("c", 7))).isFalse();
        assertThat(table.firstIds(10)).containsExactly("b", "a");
        assertThat(table.firstIds(1)).containsExactly("b");
        assertThat(table.lastIncarnation()).isEqualTo(7);
    }

    @Test
    void uidsAreKeptForThoseThatHaveOne() {
        UUID uid = UUID.randomUUID();
        MemberTable table = new MemberTable();
        table.add(member("plain", 1));
        table.add(new MirroredMember("pod", 2, Optional.of(uid)));

        List<MirroredMember> members = new ArrayList<>();
        table.forEach(members::add);
        assertThat(members).containsExactly(member("plain", 1), new MirroredMember("pod", 2, Optional.of(uid)));
    }

    @Test
    void whateverHappensItIsAsASortedMapIs() {
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            MemberTable table = new MemberTable();
            TreeMap<Long, MirroredMember> model = new TreeMap<>();
            long incarnation = 0;
            double joins = random.nextDouble();
            for (int step = 0; step < 400; step++) {
                if (random.nextDouble() < joins) {
                    incarnation += 1 + random.nextInt(3);
                    Optional<UUID> uid =
                            random.nextBoolean() ? Optional.of(new UUID(1, incarnation)) : Optional.empty();
                    MirroredMember member = new MirroredMember("m" + incarnation, incarnation, uid);
                    assertThat(table.add(member)).isTrue();
                    model.put(incarnation, member);
                } else {
                    long gone = random.nextLong(incarnation + 2);
                    assertThat(table.contains(gone)).isEqualTo(model.containsKey(gone));
                    assertThat(table.remove(gone)).isEqualTo(model.remove(gone) != null);
                }
                assertThat(table.size()).isEqualTo(model.size());
            }
            List<MirroredMember> members = new ArrayList<>();
            table.forEach(members::add);
            assertThat(members).containsExactlyElementsOf(model.values());
            assertThat(table.firstIds(5))
                    .isEqualTo(model.values().stream()
                            .limit(5)
                            .map(MirroredMember::memberId)
                            .toList());
        }
    }
}
