package io.groupmembership.cli.view;

import io.groupmembership.protocol.api.Member;
import io.groupmembership.protocol.api.View;
import io.groupmembership.protocol.api.ViewChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One change of a group as one line, however many members it is about. */
final class ChangeLine {
    private static final int NAMES_SHOWN = 8;

    private ChangeLine() {}

    /** {@code default/payments   view 4   +c(18) -b(9, crashed)   leader a}. */
    static String of(ViewChange change) {
        List<String> parts = new ArrayList<>();
        for (Member member : change.joined()) {
            parts.add("+" + member.memberId() + "(" + member.incarnation() + ")");
        }
        for (ViewChange.Left left : change.left()) {
            parts.add("-" + left.memberId() + "(" + left.incarnation() + ", " + left.reason() + ")");
        }
        return line(change.namespace(), change.group(), change.view(), shortened(parts), change.leader());
    }

    /** {@code default/payments   view 3   2 members: a b   leader a}. */
    static String of(View view) {
        List<String> names = view.members().stream().map(Member::memberId).toList();
        String members = names.size() == 1 ? "1 member" : names.size() + " members";
        String what = names.isEmpty() ? members : members + ": " + shortened(names);
        return line(view.namespace(), view.group(), view.view(), what, view.leader());
    }

    private static String line(
            String namespace, String group, long view, String what, @org.jspecify.annotations.Nullable String leader) {
        String place = namespace + "/" + group;
        return String.format(Locale.ROOT, "%-24s   view %-6d   %s", place, view, what)
                + (leader == null ? "" : "   leader " + leader);
    }

    private static String shortened(List<String> parts) {
        if (parts.size() <= NAMES_SHOWN) {
            return String.join(" ", parts);
        }
        return String.join(" ", parts.subList(0, NAMES_SHOWN)) + " and " + (parts.size() - NAMES_SHOWN) + " more";
    }
}
