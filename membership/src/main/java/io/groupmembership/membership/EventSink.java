package io.groupmembership.membership;

/** Hears what a command changed, in order, while it is applied. Must return at once and not call back. */
public interface EventSink {
    /** For replays that nobody listens to. */
    EventSink NONE = new EventSink() {};

    default void viewChanged(ViewChange change) {}

    /** A member is in, or has another assignment epoch than before. */
    default void assigned(GroupKey group, Member member) {}

    /** A member is to end when its lease does, or has another successor, or none, than before. */
    default void revoked(GroupKey group, Member member) {}

    /** A node's beat was agreed on. Heard after what follows from it. */
    default void ticked(String nodeId, long nonce) {}

    default void gone(GroupKey group, Member member) {}

    /** A group without members has made room for another; should it come back, its view numbers go on higher up. */
    default void groupForgotten(GroupKey group) {}

    default void policyChanged(GroupKey group, GroupPolicy policy) {}

    /**
     * A node is new, has another address or another process, or is live or down from now on. Heard before members move to
     * it or away from it; the count of its members is the one from before.
     */
    default void nodeChanged(NodeRecord node) {}

    /** The cluster was recovered by force: views, versions and positions go on far higher up. */
    default void recovered() {}
}
