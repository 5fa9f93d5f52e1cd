package io.groupmembership.cli.nodes;

import io.groupmembership.cli.Invocation;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Add a node to the cluster. */
@Command(
        name = "add",
        description = "Add a node to the cluster.",
        footer = {
            "",
            "In the cluster of gm up it is also started, with an empty volume. Elsewhere start it first,",
            "without a cluster file: it waits at its admin port, which --at names."
        })
final class NodesAddCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Mixin
    private final ChangeOptions options = new ChangeOptions();

    @Option(
            names = "--at",
            paramLabel = "HOST:PORT",
            description = "The admin port of a process that somebody started and that waits to be formed.")
    private Optional<String> at = Optional.empty();

    NodesAddCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        return options.run(invocation, ChangePlan.Change.ADD, at);
    }
}
