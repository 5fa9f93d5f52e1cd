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
import io.groupmembership.protocol.api.PendingResponse;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a member out of its group. */
@Command(
        name = "leave",
        description = "Take a member out of a group.",
        footer = {
            "",
            "A member with an agent may act as one for as long as it was promised, so it is",
            "revoked: its lease is waited for, and then it is out."
        })
public final class LeaveCommand implements Callable<Integer> {
    private static final int REVOKED = 202;

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
            description = "Say, as the member itself does, that this incarnation has stopped: it is out at once. A"
                    + " successor under the same id stays.")
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
        } else if (answer.status() == REVOKED) {
            PendingResponse pending = Json.read(answer.body(), PendingResponse.class);
            invocation
                    .out()
                    .println(member + " (incarnation " + pending.incarnation() + ") is revoked: it will be out of "
                            + group + " when its lease has run out");
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
