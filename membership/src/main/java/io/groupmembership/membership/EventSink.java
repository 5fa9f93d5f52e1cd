package io.groupmembership.membership;

/** Hears what a command changed, in order, while it is applied. Must return at once and not call back. */
public interface EventSink {
    /** For replays that nobody listens to. */
    EventSink NONE = new EventSink() {};

    default void viewChanged(ViewChange change) {}

    /** A member is in, or has another monitor than before. */
    default void assigned(GroupKey group, Member member) {}

    default void gone(GroupKey group, Member member) {}

    default void policyChanged(GroupKey group, GroupPolicy policy) {}

    default void nodeChanged(NodeRecord node) {}
}
