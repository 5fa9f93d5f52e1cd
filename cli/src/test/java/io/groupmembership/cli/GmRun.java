package io.groupmembership.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** One run of gm in this process: what it printed and how it ended. */
public record GmRun(int exitCode, String out, String err) {
    /** Runs a command line with GM_SERVER set. */
    public static GmRun of(String servers, String... arguments) {
        return withInput(servers, "", arguments);
    }

    /** The same with something on standard input. */
    public static GmRun withInput(String servers, String input, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Invocation invocation = new Invocation(
                Path.of("/nonexistent"),
                Map.of("GM_SERVER", servers),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        int exitCode = GmCommand.run(invocation, arguments);
        return new GmRun(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
