package io.groupmembership.protocol.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a third party knows for certain of members of one group. All that it ends, one view ends together.
 *
 * @param by who says so, as it stands in the record of the removal
 * @param members at most 1,000
 */
public record EvidenceRequest(@Nullable String by, @Nullable List<@Nullable Ended> members) {
    /**
     * A member whose process has ended, as its kubelet reported.
     *
     * @param incarnation the one whose process it was
     * @param failed whether it ended by a crash; else it is taken to have left
     * @param detail what was reported, for people
     */
    public record Ended(
            @Nullable String memberId,
            @Nullable Long incarnation,
            @Nullable Boolean failed,
            @Nullable String detail) {}
}
