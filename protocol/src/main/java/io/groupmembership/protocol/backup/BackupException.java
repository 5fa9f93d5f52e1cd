package io.groupmembership.protocol.backup;

import java.io.IOException;

/** A file is not the backup that it should be; the message follows the file's name. */
public final class BackupException extends IOException {
    private static final long serialVersionUID = 1L;

    public BackupException(String message) {
        super(message);
    }
}
