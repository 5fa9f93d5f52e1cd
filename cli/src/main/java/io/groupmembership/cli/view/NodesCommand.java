package io.groupmembership.cli.view;

import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.http.ApiPath;
import io.groupmembership.cli.http.Refusal;
import io.groupmembership.cli.http.Request;
import io.groupmembership.cli.http.ServerOptions;
import io.groupmembership.cli.show.Json;
import io.groupmembership.cli.show.OutputOption;
import io.groupmembership.cli.show.Table;
import io.groupmembership.protocol.api.MonitoredMembers;
import io.groupmembership.protocol.api.Nodes;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The nodes of the cluster, or the members that one of them watches over. */
@Command(
        name = "nodes",
        description = "List the nodes, or the members that one node heartbeats; or change which nodes there are.")
public final class NodesCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Mixin
    private final ServerOptions servers = new ServerOptions();

    @Mixin
    private final OutputOption output = new OutputOption();

    @Mixin
    private final StaleOption consistency = new StaleOption();

    @Parameters(paramLabel = "NODE", arity = "0..1", description = "Show the members of this node.")
    private Optional<String> node = Optional.empty();

    public NodesCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        String path = node.map(ApiPath::nodeMembers).orElse(ApiPath.NODES);
        byte[] body = Refusal.orAnswer(servers.client(invocation).send(consistency.apply(Request.get(path))))
                .body();
        if (output.isJson()) {
            invocation.out().println(Json.indent(body));
        } else if (node.isPresent()) {
            members(Json.read(body, MonitoredMembers.class)).print(invocation.out());
        } else {
            nodes(Json.read(body, Nodes.class)).print(invocation.out());
        }
        return ExitCode.OK;
    }

    private Table nodes(Nodes nodes) {
        Table table = output.isWide()
                ? new Table("NODE", "ADDRESS", "ROLE", "TERM", "LIVE", "MEMBERS", "UDP", "HASHKEY")
                : new Table("NODE", "ADDRESS", "ROLE", "TERM", "LIVE", "MEMBERS");
        for (Nodes.Node n : nodes.nodes()) {
            String live = n.live() ? "yes" : "no";
            if (output.isWide()) {
                table.row(n.nodeId(), n.address(), n.role(), nodes.term(), live, n.members(), n.udp(), n.hashKey());
            } else {
                table.row(n.nodeId(), n.address(), n.role(), nodes.term(), live, n.members());
            }
        }
        return table;
    }

    private static Table members(MonitoredMembers monitored) {
        Table table = new Table("NAMESPACE", "GROUP", "MEMBER", "INCARNATION", "EPOCH", "HEARTBEAT", "TO");
        monitored
                .members()
                .forEach(m -> table.row(
                        m.namespace(),
                        m.group(),
                        m.memberId(),
                        m.incarnation(),
                        m.assignmentEpoch(),
                        m.heartbeat(),
                        m.heartbeatAddress()));
        return table;
    }
}
