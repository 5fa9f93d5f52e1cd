package io.groupmembership.cli.view;

import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.http.ApiPath;
import io.groupmembership.cli.http.NamespaceOption;
import io.groupmembership.cli.http.Refusal;
import io.groupmembership.cli.http.Request;
import io.groupmembership.cli.http.ServerOptions;
import io.groupmembership.cli.show.Json;
import io.groupmembership.cli.show.OutputOption;
import io.groupmembership.cli.show.Table;
import io.groupmembership.protocol.api.Removal;
import java.io.PrintStream;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Why a member is no longer in its group: the evidence of its last removal. */
@Command(name = "explain", description = "Show why a member is no longer in its group, and the evidence for it.")
public final class ExplainCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Mixin
    private final ServerOptions servers = new ServerOptions();

    @Mixin
    private final NamespaceOption namespace = new NamespaceOption();

    @Mixin
    private final OutputOption output = new OutputOption();

    @Parameters(index = "0", paramLabel = "GROUP")
    private String group = "";

    @Parameters(index = "1", paramLabel = "MEMBER")
    private String member = "";

    public ExplainCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Request request = Request.get(ApiPath.removal(namespace.namespace(), group, member));
        byte[] body = Refusal.orAnswer(servers.client(invocation).send(request)).body();
        if (output.isJson()) {
            invocation.out().println(Json.indent(body));
        } else {
            print(Json.read(body, Removal.class), invocation.out());
        }
        return ExitCode.OK;
    }

    private void print(Removal removal, PrintStream out) {
        Table facts = new Table("MEMBER", removal.memberId())
                .row("GROUP", namespace.namespace() + "/" + group)
                .row("INCARNATION", removal.incarnation())
                .row("REASON", removal.reason())
                .row("GONE SINCE VIEW", removal.view())
                .row("REMOVED AT", removal.removedAt())
                .row("MONITOR", removal.monitor())
                .row("COMMITTED BY", removal.committedBy());
        Long silentMillis = removal.lastAckMillisAgo();
        if (silentMillis != null) {
            facts.row("LAST HEARD", String.format(Locale.ROOT, "%.1f s before", silentMillis / 1000.0));
        }
        if (!removal.monitorHealth().isEmpty()) {
            facts.row(
                    "MONITOR'S HEALTH",
                    new TreeMap<>(removal.monitorHealth())
                            .entrySet().stream()
                                    .map(e -> e.getKey() + "=" + e.getValue())
                                    .collect(Collectors.joining(" ")));
        }
        facts.print(out);
        if (!removal.probes().isEmpty()) {
            out.println();
            Table probes = new Table("PROBED BY", "PATH", "RESULT");
            removal.probes().forEach(probe -> probes.row(probe.by(), probe.path(), probe.result()));
            probes.print(out);
        }
    }
}
