package io.groupmembership.e2e.processes;

import java.io.IOException;

/** Sends a signal to one process. */
public enum Signal {
    STOP,
    CONT,
    TERM,
    KILL;

    public void to(long pid) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("sh", "-c", "kill -" + name() + " " + pid)
                .inheritIO()
                .start();
        if (kill.waitFor() != 0) {
            throw new IOException("process " + pid + " can't be sent " + name());
        }
    }
}
