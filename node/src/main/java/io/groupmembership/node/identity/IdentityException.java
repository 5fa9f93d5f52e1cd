package io.groupmembership.node.identity;

/** This node can't tell who it is, or its volume says otherwise; the message says what to do. */
public final class IdentityException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public IdentityException(String message) {
        super(message);
    }
}
