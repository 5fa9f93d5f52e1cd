package io.groupmembership.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What one run of gm is given by its surroundings.
 *
 * @param home the root of the repository, where the built jars are
 * @param environment the environment variables
 * @param in standard input
 * @param out standard output: answers
 * @param err standard error: what went wrong, and remarks that are no answers
 */
public record Invocation(Path home, Map<String, String> environment, InputStream in, PrintStream out, PrintStream err) {
    /** What an environment variable says; empty where it says nothing. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
    }

    /** Where {@code gm up} keeps its cluster if nothing else is said. */
    public Path defaultDataDirectory() {
        return home.resolve(".gm").resolve("local");
    }
}
