package io.groupmembership.cli.local;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.http.Answer;
import io.groupmembership.cli.http.ApiClient;
import io.groupmembership.cli.http.Connector;
import io.groupmembership.cli.http.Request;
import io.groupmembership.cli.show.Json;
import io.groupmembership.cli.show.OutputFormat;
import io.groupmembership.cli.show.Table;
import io.groupmembership.protocol.api.Nodes;
import io.groupmembership.protocol.cluster.ClusterFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the nodes of a directory's cluster are doing, from their processes and from one of them that serves. */
@Command(
        name = "status",
        description = "Show the nodes that gm up runs on this machine.",
        footer = {"", "Exits with 0 while a majority of the nodes is ready, else with 5."})
public final class StatusCommand implements Callable<Integer> {
    private static final Duration QUESTION_LIMIT = Duration.ofSeconds(2);

    private final Invocation invocation;

    @Option(names = "--data", paramLabel = "DIR", description = "Where the state is (default .gm/local).")
    private Optional<Path> data = Optional.empty();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json",
            description = "How to show it.")
    private OutputFormat output = OutputFormat.table;

    public StatusCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    /** One node; role, term and members are null where no node could tell. */
    record NodeStatus(
            String node,
            @Nullable Long pid,
            String state,
            String url,
            @Nullable String role,
            @Nullable Long term,
            @Nullable Integer members) {}

    @Override
    public Integer call() throws IOException {
        ClusterDirectory directory = new ClusterDirectory(data.orElse(invocation.defaultDataDirectory()));
        ClusterFile cluster = directory
                .read()
                .orElseThrow(() -> new CliFailure(
                        ExitCode.NOT_FOUND, "no cluster is in " + directory.path() + ": gm up makes one"));
        Optional<UpFile> up = UpFile.read(directory.upFile());
        Connector connector = directory.connector();
        List<NodeStatus> processes = directory.nodes(cluster).nodes().stream()
                .map(node -> processStatus(connector, node, up))
                .toList();
        List<URI> ready = processes.stream()
                .filter(status -> status.state().equals(Readiness.READY.word()))
                .map(status -> URI.create(status.url()))
                .toList();
        Optional<Nodes> roles = ready.isEmpty() ? Optional.empty() : roles(connector, ready);
        List<NodeStatus> nodes = processes.stream()
                .map(status -> roles.map(known -> withRole(status, known)).orElse(status))
                .toList();
        if (output == OutputFormat.json) {
            invocation.out().println(Json.pretty(nodes));
        } else {
            Table table = new Table("NODE", "PID", "STATE", "URL", "ROLE", "TERM", "MEMBERS");
            nodes.forEach(n -> table.row(
                    n.node(),
                    shown(n.pid()),
                    n.state(),
                    n.url(),
                    shown(n.role()),
                    shown(n.term()),
                    shown(n.members())));
            table.print(invocation.out());
        }
        return ready.size() > nodes.size() / 2 ? ExitCode.OK : ExitCode.UNAVAILABLE;
    }

    private static NodeStatus processStatus(Connector connector, LocalNode node, Optional<UpFile> up) {
        Optional<ProcessHandle> process = up.flatMap(file -> file.node(node.nodeId()));
        URI url = connector.url(node.http());
        String state =
                process.isEmpty() ? "stopped" : Readiness.ask(connector, url).word();
        Long pid = process.map(ProcessHandle::pid).orElse(null);
        return new NodeStatus(node.nodeId(), pid, state, url.toString(), null, null, null);
    }

    private static NodeStatus withRole(NodeStatus status, Nodes known) {
        return known.nodes().stream()
                .filter(node -> node.nodeId().equals(status.node()) && status.pid() != null)
                .findFirst()
                .map(node -> new NodeStatus(
                        status.node(),
                        status.pid(),
                        status.state(),
                        status.url(),
                        node.role(),
                        known.term(),
                        node.members()))
                .orElse(status);
    }

    private static Optional<Nodes> roles(Connector connector, List<URI> ready) {
        try {
            Answer answer = new ApiClient(connector, ready, QUESTION_LIMIT).send(Request.get("/v1/nodes"));
            return answer.status() == 200 ? Optional.of(Json.read(answer.body(), Nodes.class)) : Optional.empty();
        } catch (CliFailure e) {
            return Optional.empty();
        }
    }

    private static String shown(@Nullable Object value) {
        return value == null ? "-" : value.toString();
    }
}
