package io.groupmembership.cli.kv;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.http.Request;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sets a value only where nobody else has written since. */
@Command(
        name = "cas",
        description = "Set a value if the key still has a version, or is still absent.",
        footer = {"", "Exits with 4 where another write came first."})
public final class KvCasCommand implements Callable<Integer> {
    private static final String ABSENT = "absent";

    private final Invocation invocation;

    @Mixin
    private final KeyOptions options = new KeyOptions();

    @Parameters(index = "0", paramLabel = "KEY")
    private String key = "";

    @Parameters(index = "1", paramLabel = "VALUE", description = "The value; - reads standard input.")
    private String value = "";

    @Option(
            names = "--version",
            required = true,
            paramLabel = "N|absent",
            description = "What the key must have: the version that get --version printed, or no value.")
    private String version = "";

    public KvCasCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        Request put = options.put(key, KeyOptions.value(invocation, value));
        options.showWritten(invocation, key, options.send(invocation, guarded(put)));
        return ExitCode.OK;
    }

    private Request guarded(Request put) {
        if (version.equals(ABSENT)) {
            return put.header("If-None-Match", "*");
        }
        if (!version.matches("\\d{1,18}")) {
            throw new CliFailure(ExitCode.USAGE, "--version '" + version + "' must be a number or " + ABSENT);
        }
        return put.header("If-Match", KeyOptions.tag(Long.parseLong(version)));
    }
}
