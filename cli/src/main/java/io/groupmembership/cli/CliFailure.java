package io.groupmembership.cli;

/** Why a command ends without having done its work: one line for a person, and an {@link ExitCode} for scripts. */
public final class CliFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /**
     * @param exitCode one of {@link ExitCode}
     * @param message what is wrong and what to do, in one line
     */
    public CliFailure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }

    /** The line to show. */
    public String line() {
        String message = getMessage();
        return message == null ? "failed" : message;
    }
}
