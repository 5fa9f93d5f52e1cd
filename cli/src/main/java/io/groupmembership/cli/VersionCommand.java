package io.groupmembership.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Which gm this is. */
@Command(name = "version", description = "Print the version of gm and of its Java.")
final class VersionCommand implements Callable<Integer> {
    private final Invocation invocation;

    VersionCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        String version =
                Objects.requireNonNullElse(VersionCommand.class.getPackage().getImplementationVersion(), "unpackaged");
        invocation
                .out()
                .println("gm " + version + ", Java " + Runtime.version() + ", at " + System.getProperty("java.home"));
        return ExitCode.OK;
    }
}
