package io.groupmembership.protocol.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One result for each member of the batch, in order. */
public record BatchJoinResponse(List<Result> results) {
    /**
     * @param status the HTTP status that this join alone would have had
     * @param member the answer where the join was accepted, else null
     * @param problem the refusal where it was not, else null
     */
    public record Result(
            int status,
            @Nullable JoinResponse member,
            @Nullable Problem problem) {}
}
