package io.groupmembership.cli.training;

import io.groupmembership.cli.Invocation;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the launcher runs once after a build, so that the JVM can record what a start needs (JEP 483, JEP 514). */
@Command(name = "train", hidden = true, description = "Make the caches that let gm, nodes and agents start fast.")
public final class TrainCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private TrainCommand() {}

    /** The command with its subcommands. */
    public static CommandLine commandLine(Invocation invocation) {
        return new CommandLine(new TrainCommand())
                .addSubcommand(new TrainCliCommand(invocation))
                .addSubcommand(new TrainClusterCommand(invocation));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing one of: cli, cluster");
    }
}
