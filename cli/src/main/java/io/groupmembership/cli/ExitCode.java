package io.groupmembership.cli;

/** What the exit status of gm says; scripts rely on it, so a number never changes its meaning. */
public final class ExitCode {
    public static final int OK = 0;

    /** The server refused, or something failed here. */
    public static final int ERROR = 1;

    /** The command line is wrong. */
    public static final int USAGE = 2;

    public static final int NOT_FOUND = 3;

    /** Something else is there already, or has changed since: compare-and-set failed, another incarnation lives. */
    public static final int CONFLICT = 4;

    /** No node answers, the nodes have no majority, or they are overloaded. */
    public static final int UNAVAILABLE = 5;

    private ExitCode() {}

    /**
     * The exit status for an answer.
     *
     * @param httpStatus of the answer, 100 to 599
     */
    public static int ofStatus(int httpStatus) {
        return switch (httpStatus) {
            case 404 -> NOT_FOUND;
            case 409, 412 -> CONFLICT;
            case 429, 502, 503, 504 -> UNAVAILABLE;
            default -> httpStatus < 400 ? OK : ERROR;
        };
    }
}
