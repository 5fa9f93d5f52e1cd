package io.groupmembership.cli.view;

import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.http.ApiPath;
import io.groupmembership.cli.http.NamespaceOption;
import io.groupmembership.cli.http.Refusal;
import io.groupmembership.cli.http.Request;
import io.groupmembership.cli.http.ServerOptions;
import io.groupmembership.cli.show.DurationText;
import io.groupmembership.cli.show.Json;
import io.groupmembership.cli.show.OutputOption;
import io.groupmembership.cli.show.Table;
import io.groupmembership.protocol.api.Groups;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The groups of a namespace, or of all. */
@Command(name = "groups", description = "List groups.")
public final class GroupsCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Mixin
    private final ServerOptions servers = new ServerOptions();

    @Mixin
    private final NamespaceOption namespace = new NamespaceOption();

    @Mixin
    private final OutputOption output = new OutputOption();

    @Mixin
    private final StaleOption consistency = new StaleOption();

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "Groups of every namespace.")
    private boolean allNamespaces;

    public GroupsCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        byte[] body = Refusal.orAnswer(servers.client(invocation).send(consistency.apply(Request.get(ApiPath.GROUPS))))
                .body();
        List<Groups.Group> groups = Json.read(body, Groups.class).groups().stream()
                .filter(group -> allNamespaces || group.namespace().equals(namespace.namespace()))
                .toList();
        if (output.isJson()) {
            invocation.out().println(Json.pretty(new Groups(groups)));
            return ExitCode.OK;
        }
        if (groups.isEmpty()) {
            invocation
                    .err()
                    .println(
                            allNamespaces
                                    ? "no groups"
                                    : "no groups in namespace " + namespace.namespace() + " (-A shows all)");
            return ExitCode.OK;
        }
        Table table = allNamespaces
                ? new Table("NAMESPACE", "GROUP", "VIEW", "MEMBERS", "LEADER", "CHANGED")
                : new Table("GROUP", "VIEW", "MEMBERS", "LEADER", "CHANGED");
        Instant now = Instant.now();
        for (Groups.Group group : groups) {
            String leader = Objects.requireNonNullElse(group.leader(), "");
            String changed = age(group.changedAt(), now);
            if (allNamespaces) {
                table.row(group.namespace(), group.group(), group.view(), group.members(), leader, changed);
            } else {
                table.row(group.group(), group.view(), group.members(), leader, changed);
            }
        }
        table.print(invocation.out());
        return ExitCode.OK;
    }

    private static String age(String changedAt, Instant now) {
        try {
            return DurationText.age(Duration.between(Instant.parse(changedAt), now));
        } catch (DateTimeParseException e) {
            return changedAt;
        }
    }
}
