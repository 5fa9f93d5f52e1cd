package io.groupmembership.sidecar.member;

import io.groupmembership.sidecar.cluster.GroupEvent;
import org.jspecify.annotations.Nullable;

/**
 * What follows from an event of the group's stream for one incarnation of the member.
 *
 * <p>An incarnation leaves once and never comes back, so an event that has it leave is true whenever it comes. That a
 * full view does not list it proves something only if the view is as new as what the member knows already: a node that
 * lags behind may not have heard of it yet.
 */
public sealed interface PresenceDecision {
    /** Still in; this view is news. */
    record Present(long view, @Nullable String leader) implements PresenceDecision {}

    /** Nothing that was not known. */
    record Known() implements PresenceDecision {}

    /** Out since this view. The reason is one of the API's, or {@link #MISSING}. */
    record Gone(long view, String reason) implements PresenceDecision {}

    /** The changes up to this one have not all been told: a full view is needed. */
    record Gap() implements PresenceDecision {}

    /** The node shows an older view than the member knows. */
    record Outdated() implements PresenceDecision {}

    /** The reason of an incarnation that a full view lacks. */
    String MISSING = "missing";

    /**
     * @param incarnation the member's own
     * @param knownView the newest view that the member has seen itself in, or the one before its first
     */
    static PresenceDecision of(GroupEvent event, long incarnation, long knownView) {
        String reason = event.leftReason();
        if (reason != null) {
            return new Gone(event.view(), reason);
        }
        if (event.full()) {
            if (event.listed() == incarnation) {
                return event.view() < knownView ? new Outdated() : new Present(event.view(), event.leader());
            }
            if (event.listed() > incarnation) {
                return new Gone(event.view(), "replaced");
            }
            return event.view() <= knownView ? new Outdated() : new Gone(event.view(), MISSING);
        }
        if (event.view() <= knownView) {
            return new Known();
        }
        return event.view() == knownView + 1 ? new Present(event.view(), event.leader()) : new Gap();
    }
}
