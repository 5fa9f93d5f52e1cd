package io.groupmembership.sidecar;

/** A bad argument. The message is one line that names the flag. */
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }
}
