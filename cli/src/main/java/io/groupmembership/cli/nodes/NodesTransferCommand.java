package io.groupmembership.cli.nodes;

import io.groupmembership.cli.Invocation;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Make a node the leader. */
@Command(
        name = "transfer",
        description = "Make a node the leader.",
        footer = {"", "Requests that are under way are sent to the new leader."})
final class NodesTransferCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Mixin
    private final ChangeOptions options = new ChangeOptions();

    NodesTransferCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        return options.run(invocation, ChangePlan.Change.TRANSFER, Optional.empty());
    }
}
