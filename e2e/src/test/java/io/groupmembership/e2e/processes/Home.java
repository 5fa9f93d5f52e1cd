package io.groupmembership.e2e.processes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where the build has left what the tests run. */
public final class Home {
    public static final Path PATH =
            Path.of(System.getProperty("gm.home", "..")).toAbsolutePath().normalize();

    private Home() {}

    static Path agentJar() {
        Path target = PATH.resolve("sidecar/target");
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file ->
                            file.getFileName().toString().matches("groupmembership-sidecar-[^-]*(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("the agent is not built: no jar in " + target));
        } catch (IOException e) {
            throw new IllegalStateException("the agent is not built: " + target + " can't be listed", e);
        }
    }

    /** The launcher. */
    static Path gm() {
        return PATH.resolve("gm");
    }
}
