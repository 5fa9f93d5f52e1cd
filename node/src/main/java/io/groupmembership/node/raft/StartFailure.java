package io.groupmembership.node.raft;

import io.groupmembership.node.raft.storage.RaftVolume;
import java.net.BindException;
import java.nio.file.Path;

/** Says in one line why a Raft server did not start, and what to do. */
final class StartFailure {
    private StartFailure() {}

    static String explain(Throwable failure, Path storage, String nodeId) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DamagedDataException) {
                return String.valueOf(cause.getMessage());
            }
            if (cause instanceof BindException) {
                return "a Raft port is in use: " + cause.getMessage() + "; stop what listens there";
            }
            if (cause.getCause() == null) {
                return "the Raft log in " + storage + " can't be opened (" + cause + "). " + RaftVolume.advice(nodeId);
            }
        }
        throw new IllegalArgumentException("a failure is never null");
    }
}
