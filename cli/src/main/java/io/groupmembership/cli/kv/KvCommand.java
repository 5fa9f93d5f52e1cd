package io.groupmembership.cli.kv;

import io.groupmembership.cli.Invocation;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The commands of the key-value store. */
@Command(name = "kv", description = "Put, get, delete and compare-and-set values.", synopsisSubcommandLabel = "COMMAND")
public final class KvCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private KvCommand() {}

    /** The command with its subcommands. */
    public static CommandLine commandLine(Invocation invocation) {
        return new CommandLine(new KvCommand())
                .addSubcommand(new KvPutCommand(invocation))
                .addSubcommand(new KvGetCommand(invocation))
                .addSubcommand(new KvDeleteCommand(invocation))
                .addSubcommand(new KvCasCommand(invocation));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing one of: put, get, delete, cas");
    }
}
