package io.groupmembership.protocol.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one view changed against the view before it: the data of an event of type {@code view}. */
public record ViewChange(
        String namespace, String group, long view, @Nullable String leader, List<Member> joined, List<Left> left) {
    /** A membership that this view no longer has. The reason is left, crashed, evicted or replaced. */
    public record Left(String memberId, long incarnation, String reason) {}
}
