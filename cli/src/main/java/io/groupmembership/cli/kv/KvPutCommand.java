package io.groupmembership.cli.kv;

import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Sets a value, whatever was there. */
@Command(name = "put", description = "Set a value, whatever was there.")
public final class KvPutCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Mixin
    private final KeyOptions options = new KeyOptions();

    @Parameters(index = "0", paramLabel = "KEY")
    private String key = "";

    @Parameters(index = "1", paramLabel = "VALUE", description = "The value; - reads standard input.")
    private String value = "";

    public KvPutCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        byte[] bytes = KeyOptions.value(invocation, value);
        options.showWritten(invocation, key, options.send(invocation, options.put(key, bytes)));
        return ExitCode.OK;
    }
}
