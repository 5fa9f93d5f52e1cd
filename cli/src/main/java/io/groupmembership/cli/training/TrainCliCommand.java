package io.groupmembership.cli.training;

import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.GmCommand;
import io.groupmembership.cli.Invocation;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Runs each command of gm once, against answers that are made up, with a JVM that records what it loads. */
@Command(name = "cli", description = "Run every command once against made-up answers.")
final class TrainCliCommand implements Callable<Integer> {
    private static final List<List<String>> REHEARSAL = List.of(
            List.of("groups"),
            List.of("groups", "-A", "-o", "json"),
            List.of("members", "demo"),
            List.of("members", "demo", "-o", "wide"),
            List.of("nodes"),
            List.of("nodes", "node-1"),
            List.of("watch", "demo", "--events", "2"),
            List.of("policy", "demo", "--interval", "5s"),
            List.of("explain", "demo", "a"),
            List.of("leave", "demo", "a"),
            List.of("kv", "put", "greeting", "hello"),
            List.of("kv", "get", "greeting"),
            List.of("kv", "cas", "greeting", "hello", "--version", "1"),
            List.of("kv", "delete", "greeting"),
            List.of("members", "no-such-group"),
            List.of("status"),
            List.of("--help"),
            List.of("no-such-command"));

    private final Invocation invocation;

    TrainCliCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        try (MadeUpServer server = MadeUpServer.start();
                PrintStream nowhere = new PrintStream(
                        OutputStream.nullOutputStream(), true, java.nio.charset.StandardCharsets.UTF_8)) {
            Invocation rehearsal = new Invocation(
                    invocation.home(),
                    Map.of("GM_SERVER", server.url()),
                    InputStream.nullInputStream(),
                    nowhere,
                    nowhere);
            for (List<String> arguments : REHEARSAL) {
                GmCommand.run(rehearsal, arguments.toArray(String[]::new));
            }
        }
        return ExitCode.OK;
    }
}
