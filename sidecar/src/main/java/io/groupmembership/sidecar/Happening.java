package io.groupmembership.sidecar;

import io.groupmembership.sidecar.command.Signals;
import io.groupmembership.sidecar.member.Membership;

/** What an agent's main thread waits for, in the order in which it came. */
sealed interface Happening {
    /** An incarnation was adopted. */
    record Joined(long incarnation) implements Happening {}

    /** The membership's thread is through. */
    record MembershipEnded(Membership.Ending ending) implements Happening {}

    /** A signal arrived. */
    record Signalled(Signals signal) implements Happening {}

    /** The command ended with this code. */
    record CommandEnded(int exitCode) implements Happening {}
}
