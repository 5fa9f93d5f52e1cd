package io.groupmembership.cli.nodes;

import io.groupmembership.cli.Invocation;
import picocli.CommandLine;

/** The commands below {@code gm nodes}. */
public final class NodesChanges {
    private NodesChanges() {}

    /** Gives the command that lists the nodes those that change them. */
    public static CommandLine below(Object nodesCommand, Invocation invocation) {
        return new CommandLine(nodesCommand)
                .addSubcommand(new NodesAddCommand(invocation))
                .addSubcommand(new NodesRemoveCommand(invocation))
                .addSubcommand(new NodesTransferCommand(invocation))
                .addSubcommand(new NodesReplaceCommand(invocation));
    }
}
