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
import io.groupmembership.protocol.api.Member;
import io.groupmembership.protocol.api.View;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The view of one group. The table is all that goes to standard output; the view's number is said beside it. */
@Command(name = "members", description = "Show a group's view: its members, in join order.")
public final class MembersCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Mixin
    private final ServerOptions servers = new ServerOptions();

    @Mixin
    private final NamespaceOption namespace = new NamespaceOption();

    @Mixin
    private final OutputOption output = new OutputOption();

    @Mixin
    private final StaleOption consistency = new StaleOption();

    @Parameters(paramLabel = "GROUP")
    private String group = "";

    public MembersCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Request request = consistency.apply(Request.get(ApiPath.group(namespace.namespace(), group)));
        byte[] body = Refusal.orAnswer(servers.client(invocation).send(request)).body();
        if (output.isJson()) {
            invocation.out().println(Json.indent(body));
            return ExitCode.OK;
        }
        View view = Json.read(body, View.class);
        int count = view.members().size();
        invocation.err().println("view " + view.view() + ", " + count + (count == 1 ? " member" : " members"));
        Table table = output.isWide()
                ? new Table("MEMBER", "ADDRESS", "INCARNATION", "MONITOR", "FENCED", "METADATA")
                : new Table("MEMBER", "ADDRESS", "INCARNATION", "MONITOR");
        for (Member member : view.members()) {
            if (output.isWide()) {
                table.row(
                        member.memberId(),
                        member.address(),
                        member.incarnation(),
                        member.monitor(),
                        member.fenced() ? "yes" : "no",
                        metadata(member.metadata()));
            } else {
                table.row(member.memberId(), member.address(), member.incarnation(), member.monitor());
            }
        }
        table.print(invocation.out());
        return ExitCode.OK;
    }

    private static String metadata(Map<String, String> metadata) {
        return new TreeMap<>(metadata)
                .entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).collect(Collectors.joining(","));
    }
}
