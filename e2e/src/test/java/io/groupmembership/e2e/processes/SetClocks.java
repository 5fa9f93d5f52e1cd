package io.groupmembership.e2e.processes;

import io.groupmembership.cli.local.NodeLaunch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Clocks of single processes that are set while they run: by a library that is preloaded into them, see clocks.c. */
public final class SetClocks {
    private final Path directory;
    private final Path library;
    private final Map<String, Duration> suspended = new HashMap<>();

    private SetClocks(Path directory, Path library) {
        this.directory = directory;
        this.library = library;
    }

    /** Empty where there is no C compiler. */
    public static Optional<SetClocks> make(Path directory) throws IOException, InterruptedException {
        return CLibrary.compile(directory, "clocks").map(library -> new SetClocks(directory, library));
    }

    /** A java program for nodes: the clocks of each can be set under its node id. */
    Path javaOfNodes() throws IOException {
        Path java = directory.resolve("java-with-clocks");
        Files.writeString(java, """
                #!/bin/sh
                for argument; do case $argument in -Dgm.node-id=*) id=${argument#*=} ;; esac; done
                CLOCKS=%s/clocks-$id LD_PRELOAD=%s exec %s "$@"
                """.formatted(directory, library, NodeLaunch.currentJava()));
        return Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    }

    /** The environment of a process whose clocks can be set under this name. */
    public Map<String, String> environment(String name) {
        return Map.of("LD_PRELOAD", library.toString(), "CLOCKS", file(name).toString());
    }

    /** The clock of the day goes wrong by so much. */
    public void setTimeOfDay(String name, Duration ahead) throws IOException {
        write(name, ahead);
    }

    /** As if the machine had been suspended for so long: the clock that counts suspension is ahead, no other is. */
    public void suspendFor(String name, Duration time) throws IOException {
        suspended.merge(name, time, Duration::plus);
        write(name, Duration.ZERO);
    }

    /** The clock that counts suspension never goes back. */
    private void write(String name, Duration timeOfDay) throws IOException {
        Duration slept = suspended.getOrDefault(name, Duration.ZERO);
        Path next = directory.resolve("next-clocks");
        Files.writeString(next, timeOfDay.plus(slept).toSeconds() + " " + slept.toSeconds());
        Files.move(next, file(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private Path file(String name) {
        return directory.resolve("clocks-" + name);
    }
}
