package io.groupmembership.node.api;

import io.groupmembership.membership.GroupPolicy;
import io.groupmembership.membership.detection.ClusterTiming;
import io.groupmembership.protocol.Limits;
import io.groupmembership.protocol.api.Policy;

/** What a policy must look like before it is proposed. A field that is absent keeps its default. */
final class PolicyValidation {
    private PolicyValidation() {}

    static GroupPolicy policy(Policy request, ClusterTiming timing) {
        GroupPolicy policy = policy(request);
        timing.refuses(policy).ifPresent(why -> {
            throw Problems.invalidField("intervalMillis", "and misses do not fit this cluster: " + why);
        });
        return policy;
    }

    private static GroupPolicy policy(Policy request) {
        Long intervalMillis = request.intervalMillis();
        Integer misses = request.misses();
        Integer maxMembers = request.maxMembers();
        return new GroupPolicy(
                within(
                        "intervalMillis",
                        intervalMillis == null ? GroupPolicy.DEFAULT.intervalMillis() : intervalMillis,
                        GroupPolicy.MIN_INTERVAL_MILLIS,
                        GroupPolicy.MAX_INTERVAL_MILLIS),
                (int) within(
                        "misses", misses == null ? GroupPolicy.DEFAULT.misses() : misses, 1, GroupPolicy.MAX_MISSES),
                (int) within(
                        "maxMembers",
                        maxMembers == null ? GroupPolicy.DEFAULT.maxMembers() : maxMembers,
                        1,
                        Limits.MAX_MEMBERS));
    }

    private static long within(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw Problems.invalidField(field, "must be " + least + " to " + most + ", not " + value);
        }
        return value;
    }
}
