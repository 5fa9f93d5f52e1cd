package io.groupmembership.cli.view;

import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.http.Answer;
import io.groupmembership.cli.http.ApiPath;
import io.groupmembership.cli.http.NamespaceOption;
import io.groupmembership.cli.http.Refusal;
import io.groupmembership.cli.http.Request;
import io.groupmembership.cli.http.ServerOptions;
import io.groupmembership.cli.show.Json;
import io.groupmembership.cli.show.OutputOption;
import io.groupmembership.protocol.api.LeaveResponse;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a member out of its group. */
@Command(name = "leave", description = "Take a member out of a group.")
public final class LeaveCommand implements Callable<Integer> {
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

    @Option(
            names = "--incarnation",
            paramLabel = "N",
            description = "Only if this incarnation is still in: a successor under the same id stays.")
    private Optional<Long> incarnation = Optional.empty();

    public LeaveCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Request leave = Request.write("DELETE", ApiPath.member(namespace.namespace(), group, member), null);
        Request guarded =
                incarnation.map(n -> leave.query("incarnation", n.toString())).orElse(leave);
        Answer answer = Refusal.orAnswer(servers.client(invocation).send(guarded));
        if (answer.body().length == 0) {
            invocation.out().println(member + " left " + group);
        } else if (output.isJson()) {
            invocation.out().println(Json.indent(answer.body()));
        } else {
            LeaveResponse left = Json.read(answer.body(), LeaveResponse.class);
            invocation
                    .out()
                    .println(member + " (incarnation " + left.incarnation() + ") left " + group + ": view "
                            + left.view());
        }
        return ExitCode.OK;
    }
}
