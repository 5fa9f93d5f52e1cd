package io.groupmembership.node.raft;

/** More requests wait than the node takes on; this one was not taken on, and has changed nothing. */
public final class OverloadedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public OverloadedException(String message) {
        super(message, null, false, false);
    }
}
