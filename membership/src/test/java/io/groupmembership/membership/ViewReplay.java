package io.groupmembership.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A watcher that knows views by their changes alone: those who left go first, then those who joined come in. */
final class ViewReplay {
    /** One group as the watcher has it. */
    static final class Seen {
        long view;
        final List<Long> incarnations = new ArrayList<>();
        final Map<Long, String> ids = new HashMap<>();
    }

    private final Map<GroupKey, Seen> groups = new HashMap<>();

    Seen of(GroupKey group) {
        return groups.computeIfAbsent(group, key -> new Seen());
    }

    void start(GroupView view) {
        Seen seen = of(view.group());
        seen.view = view.view();
        seen.incarnations.clear();
        seen.ids.clear();
        view.members().forEach(member -> enter(seen, member));
    }

    /** Takes a change that must be the next one, and must fit. */
    void take(ViewChange change) {
        Seen seen = of(change.group());
        assertThat(change.view()).as("the next view of %s", change.group()).isEqualTo(seen.view + 1);
        assertThat(change.joined().size() + change.left().size()).isPositive();
        seen.view = change.view();
        for (ViewChange.Left left : change.left()) {
            assertThat(seen.incarnations.remove(left.member().incarnation()))
                    .as("%s was in", left)
                    .isTrue();
            seen.ids.remove(left.member().incarnation());
        }
        change.joined().forEach(member -> enter(seen, member));
        assertThat(change.leader().orElse(""))
                .isEqualTo(
                        seen.incarnations.isEmpty()
                                ? ""
                                : seen.ids.getOrDefault(seen.incarnations.getFirst(), "nobody"));
    }

    private static void enter(Seen seen, Member member) {
        assertThat(seen.ids.values()).doesNotContain(member.memberId());
        seen.incarnations.add(member.incarnation());
        seen.ids.put(member.incarnation(), member.memberId());
    }

    void assertSameAs(GroupView view) {
        Seen seen = of(view.group());
        assertThat(seen.view).isEqualTo(view.view());
        assertThat(seen.incarnations)
                .isEqualTo(view.members().stream().map(Member::incarnation).toList());
    }
}
