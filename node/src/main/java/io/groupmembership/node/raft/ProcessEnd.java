package io.groupmembership.node.raft;

/**
 * Ends the process at once, where going on would mean to answer without being able to remember. Nothing is flushed:
 * what was acknowledged is on the disks of a majority already.
 */
@FunctionalInterface
public interface ProcessEnd {
    /** Says why in one line on the error stream, and halts. */
    ProcessEnd HALT = (code, line) -> {
        System.err.println("gm-node: " + line);
        System.err.flush();
        System.out.flush();
        Runtime.getRuntime().halt(code);
    };

    /**
     * Does not return in a node.
     *
     * @param code one of the exit codes of {@link io.groupmembership.node.Main}
     * @param line what happened and what to do
     */
    void end(int code, String line);
}
