package io.groupmembership.sidecar;

import io.groupmembership.sidecar.command.Signals;
import io.groupmembership.sidecar.member.Membership;

/** What an agent's main thread waits for, in the order in which it came. */
sealed interface Happening {
    /** The member may act as one: for the first time under this incarnation, or again. */
    record Believes(long incarnation) implements Happening {}

    /** The lease of the member has run out. */
    record Fenced(long incarnation) implements Happening {}

    /** The membership's thread is through. */
    record MembershipEnded(Membership.Ending ending) implements Happening {}

    /** A signal arrived. */
    record Signalled(Signals signal) implements Happening {}

    /** The command ended with this code. */
    record CommandEnded(int exitCode) implements Happening {}
}
