package io.groupmembership.cli;

import io.groupmembership.cli.backup.BackupCommand;
import io.groupmembership.cli.backup.RestoreCommand;
import io.groupmembership.cli.bench.BenchCommand;
import io.groupmembership.cli.certs.CertsCommand;
import io.groupmembership.cli.kv.KvCommand;
import io.groupmembership.cli.local.DownCommand;
import io.groupmembership.cli.local.StatusCommand;
import io.groupmembership.cli.local.UpCommand;
import io.groupmembership.cli.nodes.NodesChanges;
import io.groupmembership.cli.training.TrainCommand;
import io.groupmembership.cli.view.ExplainCommand;
import io.groupmembership.cli.view.GroupsCommand;
import io.groupmembership.cli.view.LeaveCommand;
import io.groupmembership.cli.view.MembersCommand;
import io.groupmembership.cli.view.NodesCommand;
import io.groupmembership.cli.view.PolicyCommand;
import io.groupmembership.cli.view.WatchCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command with all its subcommands, and how their failures become one line and an exit status. */
@Command(
        name = "gm",
        description = "Group membership: live groups, the same view from every node.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExit status:%n",
        footer = {
            "  0 done   1 refused or failed   2 wrong usage   3 not found   4 conflict",
            "  5 no node reachable, no majority, or overloaded"
        })
public final class GmCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private GmCommand() {}

    /** Without a command there is nothing to do but to say which there are. */
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getOut());
        return ExitCode.USAGE;
    }

    /** Runs one command line; returns its {@link ExitCode}. */
    public static int run(Invocation invocation, String... arguments) {
        Map<String, Supplier<Object>> commands = commands(invocation);
        // describing all commands takes longer than running one, so the others are left out where one is named
        String named = arguments.length == 0 ? "" : arguments[0];
        if (commands.containsKey(named)) {
            commands.keySet().retainAll(Set.of(named));
        }
        CommandLine gm = commandLine(invocation, commands);
        try {
            return gm.execute(arguments);
        } finally {
            gm.getOut().flush();
            gm.getErr().flush();
        }
    }

    /** The command with everything below it. */
    static CommandLine commandLine(Invocation invocation) {
        return commandLine(invocation, commands(invocation));
    }

    private static Map<String, Supplier<Object>> commands(Invocation invocation) {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("up", () -> new UpCommand(invocation));
        commands.put("down", () -> new DownCommand(invocation));
        commands.put("status", () -> new StatusCommand(invocation));
        commands.put("join", () -> elsewhere(invocation, "join", "Join a group, as long as this runs."));
        commands.put("leave", () -> new LeaveCommand(invocation));
        commands.put("groups", () -> new GroupsCommand(invocation));
        commands.put("members", () -> new MembersCommand(invocation));
        commands.put("watch", () -> new WatchCommand(invocation));
        commands.put("nodes", () -> NodesChanges.below(new NodesCommand(invocation), invocation));
        commands.put("explain", () -> new ExplainCommand(invocation));
        commands.put("policy", () -> new PolicyCommand(invocation));
        commands.put("kv", () -> KvCommand.commandLine(invocation));
        commands.put("certs", () -> CertsCommand.commandLine(invocation));
        commands.put("backup", () -> new BackupCommand(invocation));
        commands.put("restore", () -> new RestoreCommand(invocation));
        commands.put("bench", () -> BenchCommand.commandLine(invocation));
        commands.put("completion", () -> new CompletionCommand(invocation));
        commands.put("version", () -> new VersionCommand(invocation));
        commands.put("build", () -> elsewhere(invocation, "build", "Build now, needed or not."));
        commands.put("test", () -> elsewhere(invocation, "test", "Run the tests: gm test [--fast] [suite]."));
        commands.put(
                "simulate",
                () -> elsewhere(
                        invocation,
                        "simulate",
                        "Run the rules under faults: gm simulate [--seeds N] [--from S] [--minutes M] [--seed S]."));
        commands.put(
                "soak",
                () -> elsewhere(
                        invocation, "soak", "Run faults for long: gm soak [--minutes M] [fleet] [chaos] [simulator]."));
        commands.put("train", () -> TrainCommand.commandLine(invocation));
        return commands;
    }

    private static CommandLine commandLine(Invocation invocation, Map<String, Supplier<Object>> commands) {
        CommandLine gm = new CommandLine(new GmCommand());
        commands.forEach((name, command) -> gm.addSubcommand(name, command.get()));
        gm.setOut(new PrintWriter(invocation.out(), false, StandardCharsets.UTF_8));
        gm.setErr(new PrintWriter(invocation.err(), false, StandardCharsets.UTF_8));
        addHelp(gm);
        gm.setCaseInsensitiveEnumValuesAllowed(true);
        gm.setExecutionExceptionHandler((e, _, _) -> failed(invocation, e));
        gm.setParameterExceptionHandler((e, _) -> misused(invocation, e));
        return gm;
    }

    private static CommandLine elsewhere(Invocation invocation, String name, String description) {
        CommandLine command = new CommandLine(new ElsewhereCommand(invocation, name));
        command.getCommandSpec().name(name);
        command.getCommandSpec().usageMessage().description(description);
        return command;
    }

    /** The help option alone: the version has a command, and --version has a meaning for keys. */
    private static void addHelp(CommandLine commandLine) {
        commandLine
                .getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help.")
                        .build());
        commandLine.getSubcommands().values().forEach(GmCommand::addHelp);
    }

    private static int failed(Invocation invocation, Exception e) {
        if (e instanceof CliFailure failure) {
            invocation.err().println("error: " + failure.line());
            return failure.exitCode();
        }
        invocation.err().println("error: " + e);
        if (invocation.environment().containsKey("GM_DEBUG")) {
            e.printStackTrace(invocation.err());
        }
        return ExitCode.ERROR;
    }

    private static int misused(Invocation invocation, ParameterException e) {
        String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("wrong usage");
        invocation
                .err()
                .println("error: " + line + ": see "
                        + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }
}
