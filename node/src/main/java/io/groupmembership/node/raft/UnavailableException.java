package io.groupmembership.node.raft;

/** No majority answered in time. */
public final class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final boolean outcomeUnknown;

    /** @param outcomeUnknown whether the request may still take effect */
    public UnavailableException(String message, boolean outcomeUnknown) {
        super(message, null, false, false);
        this.outcomeUnknown = outcomeUnknown;
    }

    public boolean outcomeUnknown() {
        return outcomeUnknown;
    }
}
