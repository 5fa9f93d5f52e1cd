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
import io.groupmembership.protocol.api.Removal;
import java.util.concurrent.Callable;
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
            String name = namespace.namespace() + "/" + group;
            new RemovalText(name, Json.read(body, Removal.class)).lines().forEach(invocation.out()::println);
        }
        return ExitCode.OK;
    }
}
