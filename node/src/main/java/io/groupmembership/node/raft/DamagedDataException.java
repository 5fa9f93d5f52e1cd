package io.groupmembership.node.raft;

import java.io.IOException;

/** What is on the volume fails its checksum; the message says what to do. */
public final class DamagedDataException extends IOException {
    private static final long serialVersionUID = 1L;

    public DamagedDataException(String message) {
        super(message);
    }

    public DamagedDataException(String message, Throwable cause) {
        super(message, cause);
    }
}
