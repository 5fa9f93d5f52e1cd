package io.groupmembership.cli.certs;

import io.groupmembership.cli.Invocation;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The commands for certificates. */
@Command(
        name = "certs",
        description = "Make a CA, and certificates for nodes and their callers.",
        synopsisSubcommandLabel = "COMMAND")
public final class CertsCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private CertsCommand() {}

    /** The command with its subcommands. */
    public static CommandLine commandLine(Invocation invocation) {
        return new CommandLine(new CertsCommand())
                .addSubcommand(new CertsInitCommand(invocation))
                .addSubcommand(new CertsIssueCommand(invocation))
                .addSubcommand(new CertsRenewCommand(invocation));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing one of: init, issue, renew");
    }
}
