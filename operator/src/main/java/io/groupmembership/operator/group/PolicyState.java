package io.groupmembership.operator.group;

import io.groupmembership.protocol.api.Policy;

/** What is known of a group's policy at the nodes. */
sealed interface PolicyState {
    /** Whether it will be known once a node answers. */
    default boolean isPending() {
        return this instanceof Unknown || this instanceof Unreachable;
    }

    /** Nothing yet. */
    record Unknown() implements PolicyState {}

    record InForce(Policy policy) implements PolicyState {}

    /** The nodes do not take it. */
    record Refused(Policy policy, String detail) implements PolicyState {}

    /** No node could be asked. */
    record Unreachable() implements PolicyState {}
}
