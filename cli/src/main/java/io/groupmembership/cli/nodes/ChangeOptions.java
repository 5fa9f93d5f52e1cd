package io.groupmembership.cli.nodes;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.http.TlsOptions;
import io.groupmembership.cli.local.ClusterDirectory;
import io.groupmembership.cli.local.LocalChange;
import io.groupmembership.cli.show.DurationText;
import io.groupmembership.cli.show.Json;
import io.groupmembership.cli.show.OutputFormat;
import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.Names;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What every change of the nodes is told, and how it is run and shown. */
final class ChangeOptions {
    @Parameters(paramLabel = "NODE", description = "The node's id, as in node-4.")
    private String nodeId = "";

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            description = "The admin port of any node of the cluster; may come more than once."
                    + " Default: the cluster that gm up runs here.")
    private List<String> admin = new ArrayList<>();

    @Option(names = "--data", paramLabel = "DIR", description = "Where gm up has its state (default .gm/local).")
    private Optional<Path> data = Optional.empty();

    @ArgGroup(validate = false, order = 90, heading = TlsOptions.HEADING)
    private final TlsOptions tls = new TlsOptions();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = DurationText.class,
            description = "Time limit of the command (default 60s); given again, it goes on where it was.")
    private Duration timeout = Duration.ofSeconds(60);

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json",
            description = "How to show what was done.")
    private OutputFormat output = OutputFormat.table;

    /**
     * Runs a change; returns the exit status.
     *
     * @param at the admin port of the process that is to come in, where that was said
     */
    int run(Invocation invocation, ChangePlan.Change change, Optional<String> at)
            throws IOException, InterruptedException {
        Names.memberIdProblem(nodeId).ifPresent(phrase -> {
            throw new CliFailure(ExitCode.USAGE, "NODE '" + nodeId + "' " + phrase);
        });
        Optional<HostPort> address = at.map(text -> address("--at", text));
        if (!admin.isEmpty()) {
            if (data.isPresent()) {
                throw new CliFailure(ExitCode.USAGE, "--admin and --data name two clusters: give one of them");
            }
            if (change == ChangePlan.Change.ADD && at.isEmpty()) {
                throw new CliFailure(
                        ExitCode.USAGE,
                        "--at HOST:PORT is missing: the admin port of the process that waits to be formed as "
                                + nodeId);
            }
            List<HostPort> nodes =
                    admin.stream().map(text -> address("--admin", text)).toList();
            AdminApi api = new AdminApi(tls.connector(invocation, Optional.empty()));
            return run(invocation, api, change, new Place.Elsewhere(nodes), address);
        }
        ClusterDirectory directory = new ClusterDirectory(data.orElse(invocation.defaultDataDirectory()));
        try (LocalChange local = LocalChange.begin(directory)) {
            AdminApi api =
                    new AdminApi(tls.connector(invocation, directory.tls().administrator()));
            return run(
                    invocation,
                    api,
                    change,
                    new HerePlace(local, change == ChangePlan.Change.ADD && at.isEmpty()),
                    address);
        }
    }

    private static HostPort address(String option, String text) {
        try {
            return HostPort.parse(text);
        } catch (IllegalArgumentException e) {
            throw new CliFailure(ExitCode.USAGE, option + " '" + text + "': " + e.getMessage());
        }
    }

    private int run(Invocation invocation, AdminApi api, ChangePlan.Change change, Place place, Optional<HostPort> at)
            throws IOException, InterruptedException {
        boolean json = output == OutputFormat.json;
        ChangeRun run =
                new ChangeRun(api, change, nodeId, place, new Observer(api, place, nodeId, at), timeout, step -> {
                    if (!json) {
                        invocation
                                .out()
                                .println("  " + step.step() + String.format(Locale.ROOT, " (%.1f s)", step.seconds()));
                        invocation.out().flush();
                    }
                });
        ChangeRun.Outcome outcome = run.run();
        invocation.out().println(json ? Json.pretty(outcome) : outcome.result());
        return ExitCode.OK;
    }
}
