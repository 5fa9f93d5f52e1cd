package io.groupmembership.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** A command that the launcher runs itself; here it only appears in the help. */
@Command
final class ElsewhereCommand implements Callable<Integer> {
    private final Invocation invocation;
    private final String name;

    @Unmatched
    private List<String> ignored = List.of();

    ElsewhereCommand(Invocation invocation, String name) {
        this.invocation = invocation;
        this.name = name;
    }

    @Override
    public Integer call() {
        invocation.err().println("error: the launcher runs this: ./gm " + name + " " + String.join(" ", ignored));
        return ExitCode.USAGE;
    }
}
