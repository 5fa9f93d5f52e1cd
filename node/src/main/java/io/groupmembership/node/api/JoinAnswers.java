package io.groupmembership.node.api;

import io.groupmembership.membership.Command.Joiner;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.Result;
import io.groupmembership.protocol.api.BatchJoinResponse;
import io.groupmembership.protocol.api.JoinResponse;
import java.util.ArrayList;
import java.util.List;

/** What a joiner is told. */
final class JoinAnswers {
    private JoinAnswers() {}

    /** The status: 201 for a new membership, 200 where this instance was in already. */
    static int status(Result.Joined joined) {
        return joined.created() ? 201 : 200;
    }

    static JoinResponse response(GroupKey group, Joiner joiner, Result.Joined joined) {
        return new JoinResponse(
                group.namespace(),
                group.name(),
                joiner.spec().memberId(),
                joined.incarnation(),
                joined.view(),
                joined.monitor(),
                new JoinResponse.Lease(joined.intervalMillis(), joined.misses()),
                new JoinResponse.Heartbeat(joiner.spec().mode().word(), null, null));
    }

    /** One answer for each joiner of a batch, in order, each with the status that it would have had alone. */
    static BatchJoinResponse batch(GroupKey group, List<Joiner> joiners, List<Result> results) {
        List<BatchJoinResponse.Result> answers = new ArrayList<>(joiners.size());
        for (int i = 0; i < joiners.size(); i++) {
            answers.add(answer(group, joiners.get(i), results.get(i)));
        }
        return new BatchJoinResponse(answers);
    }

    private static BatchJoinResponse.Result answer(GroupKey group, Joiner joiner, Result result) {
        return switch (result) {
            case Result.Joined joined ->
                new BatchJoinResponse.Result(status(joined), response(group, joiner, joined), null);
            case Result.Refused refused -> {
                ProblemException problem = Refusals.problem(refused);
                yield new BatchJoinResponse.Result(problem.problem().status(), null, problem.problem());
            }
            default -> throw new IllegalStateException("a joiner's result is " + result);
        };
    }
}
