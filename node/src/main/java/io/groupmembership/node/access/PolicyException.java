package io.groupmembership.node.access;

/** A policy is not what it should be; the message names the field. */
public final class PolicyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PolicyException(String message) {
        super(message);
    }
}
