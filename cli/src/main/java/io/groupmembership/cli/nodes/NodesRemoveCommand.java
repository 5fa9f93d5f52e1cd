package io.groupmembership.cli.nodes;

import io.groupmembership.cli.Invocation;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Take a node out of the cluster for good. */
@Command(
        name = "remove",
        description = "Take a node out of the cluster for good.",
        footer = {
            "",
            "Leadership is moved away first. In the cluster of gm up the process is ended, and its",
            "directory is kept in removed/; elsewhere end it when this is done."
        })
final class NodesRemoveCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Mixin
    private final ChangeOptions options = new ChangeOptions();

    NodesRemoveCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        return options.run(invocation, ChangePlan.Change.REMOVE, Optional.empty());
    }
}
