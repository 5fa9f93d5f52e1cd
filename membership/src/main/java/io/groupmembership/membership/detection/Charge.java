package io.groupmembership.membership.detection;

import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.GroupPolicy;
import io.groupmembership.membership.Member;

/** A member that a node is to monitor, as the replicated state says it. */
public record Charge(GroupKey group, Member member, GroupPolicy policy) {
    long incarnation() {
        return member.incarnation();
    }
}
