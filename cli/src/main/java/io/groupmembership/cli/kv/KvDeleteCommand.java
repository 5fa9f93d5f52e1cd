package io.groupmembership.cli.kv;

import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.http.Request;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Deletes a key, at any version or at one only. */
@Command(name = "delete", description = "Delete a key.")
public final class KvDeleteCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Mixin
    private final KeyOptions options = new KeyOptions();

    @Parameters(paramLabel = "KEY")
    private String key = "";

    @Option(names = "--version", paramLabel = "N", description = "Only if the key has this version.")
    private Optional<Long> version = Optional.empty();

    public KvDeleteCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Request delete = Request.write("DELETE", options.path(key), null);
        options.send(
                invocation,
                version.map(n -> delete.header("If-Match", KeyOptions.tag(n))).orElse(delete));
        invocation.out().println(key + ": deleted");
        return ExitCode.OK;
    }
}
