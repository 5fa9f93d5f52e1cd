package io.groupmembership.cli.view;

import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.http.ApiClient;
import io.groupmembership.cli.http.ApiPath;
import io.groupmembership.cli.http.NamespaceOption;
import io.groupmembership.cli.http.Refusal;
import io.groupmembership.cli.http.Request;
import io.groupmembership.cli.http.ServerOptions;
import io.groupmembership.cli.show.DurationText;
import io.groupmembership.cli.show.Json;
import io.groupmembership.cli.show.OutputOption;
import io.groupmembership.cli.show.Table;
import io.groupmembership.protocol.api.Policy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a group's policy, or changes what the options name and leaves the rest as it is. */
@Command(name = "policy", description = "Show a group's policy; with options, change it first.")
public final class PolicyCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Mixin
    private final ServerOptions servers = new ServerOptions();

    @Mixin
    private final NamespaceOption namespace = new NamespaceOption();

    @Mixin
    private final OutputOption output = new OutputOption();

    @Parameters(paramLabel = "GROUP")
    private String group = "";

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "Time between heartbeats, as in 5s.")
    private @Nullable Duration interval;

    @Option(names = "--misses", paramLabel = "N", description = "Misses in a row that remove a member.")
    private Optional<Integer> misses = Optional.empty();

    @Option(names = "--max-members", paramLabel = "N", description = "How many members the group may have.")
    private Optional<Integer> maxMembers = Optional.empty();

    public PolicyCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        ApiClient client = servers.client(invocation);
        String path = ApiPath.policy(namespace.namespace(), group);
        byte[] body = Refusal.orAnswer(client.send(Request.get(path))).body();
        if (interval != null || misses.isPresent() || maxMembers.isPresent()) {
            Policy changed = changed(Json.read(body, Policy.class));
            byte[] answer = Refusal.orAnswer(client.send(Request.write("PUT", path, Json.write(changed))))
                    .body();
            body = answer.length == 0 ? Json.write(changed) : answer;
        }
        if (output.isJson()) {
            invocation.out().println(Json.indent(body));
        } else {
            Policy policy = Json.read(body, Policy.class);
            Long intervalMillis = policy.intervalMillis();
            new Table("GROUP", "INTERVAL", "MISSES", "MAX MEMBERS")
                    .row(
                            group,
                            intervalMillis == null ? "" : DurationText.of(intervalMillis),
                            shown(policy.misses()),
                            shown(policy.maxMembers()))
                    .print(invocation.out());
        }
        return ExitCode.OK;
    }

    private Policy changed(Policy now) {
        return new Policy(
                interval == null ? now.intervalMillis() : Long.valueOf(interval.toMillis()),
                misses.isPresent() ? misses.get() : now.misses(),
                maxMembers.isPresent() ? maxMembers.get() : now.maxMembers());
    }

    private static String shown(@Nullable Integer number) {
        return number == null ? "" : number.toString();
    }
}
