package io.groupmembership.e2e.processes;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A library of src/test/c that is preloaded into processes. */
public final class CLibrary {
    private CLibrary() {}

    /** Compiles NAME.c to NAME.so in the directory; empty where there is no C compiler. */
    public static Optional<Path> compile(Path directory, String name) throws IOException, InterruptedException {
        Path library = directory.resolve(name + ".so");
        Path source = Home.PATH.resolve("e2e/src/test/c/" + name + ".c");
        ProcessBuilder compiler = new ProcessBuilder(
                        "gcc", "-shared", "-fPIC", "-O1", "-o", library.toString(), source.toString(), "-ldl")
                .redirectInput(new File("/dev/null"))
                .inheritIO();
        try {
            if (compiler.start().waitFor() != 0) {
                throw new IOException(source + " does not compile");
            }
        } catch (IOException e) {
            if (Files.exists(Path.of("/usr/bin/gcc"))) {
                throw e;
            }
            return Optional.empty();
        }
        return Optional.of(library);
    }
}
