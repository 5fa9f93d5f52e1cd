package io.groupmembership.e2e.processes;

import java.io.File;
import java.io.IOException;

/** A program of this machine that is run for its exit status. */
public final class Tool {
    private static final int NO_SUCH_PROGRAM = 127;

    private Tool() {}

    /** Waits for its end; what it prints is lost. */
    public static int status(String... command) throws InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return NO_SUCH_PROGRAM;
        }
        return process.waitFor();
    }
}
