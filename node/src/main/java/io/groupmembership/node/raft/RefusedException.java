package io.groupmembership.node.raft;

/** A change of the Raft group that is unsafe or can't be made now; the message says why and what to do. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RefusedException(String message) {
        super(message, null, false, false);
    }
}
