package io.groupmembership.cli.nodes;

import io.groupmembership.cli.Invocation;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Let a node whose volume is lost or damaged come back as a new peer. */
@Command(
        name = "replace",
        description = "Let a node whose volume is lost or damaged come back as a new peer.",
        footer = {
            "",
            "The new peer comes in and the old one goes in one change. In the cluster of gm up the process",
            "is started anew; elsewhere start it first, with an empty volume and without a cluster file."
        })
final class NodesReplaceCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Mixin
    private final ChangeOptions options = new ChangeOptions();

    @Option(
            names = "--at",
            paramLabel = "HOST:PORT",
            description = "The admin port of the new process, where it is not the old one's.")
    private Optional<String> at = Optional.empty();

    NodesReplaceCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        return options.run(invocation, ChangePlan.Change.REPLACE, at);
    }
}
