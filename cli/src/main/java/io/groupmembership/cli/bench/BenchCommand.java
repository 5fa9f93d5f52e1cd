package io.groupmembership.cli.bench;

import io.groupmembership.cli.Invocation;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The load tool. */
@Command(
        name = "bench",
        description = "Measure a cluster: joins, reads, fan-out, many members, disk use.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Members are made in groups named bench-..., with one heartbeat a minute, which this program answers.",
            "They are taken out again at the end, except those of fill."
        })
public final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private BenchCommand() {}

    /** The command with its subcommands. */
    public static CommandLine commandLine(Invocation invocation) {
        return new CommandLine(new BenchCommand())
                .addSubcommand(new BenchJoinsCommand(invocation))
                .addSubcommand(new BenchReadsCommand(invocation))
                .addSubcommand(new BenchWatchCommand(invocation))
                .addSubcommand(new BenchFillCommand(invocation))
                .addSubcommand(new BenchChurnCommand(invocation));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing one of: joins, reads, watch, fill, churn");
    }
}
