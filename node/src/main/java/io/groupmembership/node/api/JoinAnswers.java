package io.groupmembership.node.api;

import io.groupmembership.membership.Command.Joiner;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.Result;
import io.groupmembership.node.monitor.MemberKeys;
import io.groupmembership.protocol.HeartbeatMode;
import io.groupmembership.protocol.api.BatchJoinResponse;
import io.groupmembership.protocol.api.JoinResponse;
import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import java.util.ArrayList;
import java.util.List;

/** What a joiner is told. */
final class JoinAnswers {
    private JoinAnswers() {}

    /** The status: 201 for a new membership, 200 where this instance was in already. */
    static int status(Result.Joined joined) {
        return joined.created() ? 201 : 200;
    }

    static JoinResponse response(GroupKey group, Joiner joiner, Result.Joined joined, MemberKeys keys) {
        return new JoinResponse(
                group.namespace(),
                group.name(),
                joiner.spec().memberId(),
                joined.incarnation(),
                joined.view(),
                joined.monitor(),
                new JoinResponse.Lease(joined.intervalMillis(), joined.misses()),
                heartbeat(group, joiner, joined, keys));
    }

    private static JoinResponse.Heartbeat heartbeat(
            GroupKey group, Joiner joiner, Result.Joined joined, MemberKeys keys) {
        String mode = joiner.spec().mode().word();
        if (joiner.spec().mode() != HeartbeatMode.UDP) {
            return new JoinResponse.Heartbeat(mode, null, null);
        }
        HeartbeatKey key =
                keys.of(group.namespace(), group.name(), joiner.spec().memberId(), joined.incarnation());
        return new JoinResponse.Heartbeat(mode, key.id(), key.base64());
    }

    /** One answer for each joiner of a batch, in order, each with the status that it would have had alone. */
    static BatchJoinResponse batch(GroupKey group, List<Joiner> joiners, List<Result> results, MemberKeys keys) {
        List<BatchJoinResponse.Result> answers = new ArrayList<>(joiners.size());
        for (int i = 0; i < joiners.size(); i++) {
            answers.add(answer(group, joiners.get(i), results.get(i), keys));
        }
        return new BatchJoinResponse(answers);
    }

    private static BatchJoinResponse.Result answer(GroupKey group, Joiner joiner, Result result, MemberKeys keys) {
        return switch (result) {
            case Result.Joined joined ->
                new BatchJoinResponse.Result(status(joined), response(group, joiner, joined, keys), null);
            case Result.Revoked _ -> new BatchJoinResponse.Result(202, null, null);
            case Result.Refused refused -> {
                ProblemException problem = Refusals.problem(refused);
                yield new BatchJoinResponse.Result(problem.problem().status(), null, problem.problem());
            }
            default -> throw new IllegalStateException("a joiner's result is " + result);
        };
    }
}
