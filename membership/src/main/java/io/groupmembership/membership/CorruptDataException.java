package io.groupmembership.membership;

/** Bytes that are not what they should be: a damaged snapshot, or a log entry that no version of this code wrote. */
public final class CorruptDataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CorruptDataException(String message) {
        super(message);
    }

    public CorruptDataException(String message, Throwable cause) {
        super(message, cause);
    }
}
