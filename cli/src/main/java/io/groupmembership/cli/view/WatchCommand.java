package io.groupmembership.cli.view;

import com.fasterxml.jackson.databind.JsonNode;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.http.ApiPath;
import io.groupmembership.cli.http.EventStream;
import io.groupmembership.cli.http.NamespaceOption;
import io.groupmembership.cli.http.Request;
import io.groupmembership.cli.http.ServerOptions;
import io.groupmembership.cli.http.SseEvent;
import io.groupmembership.cli.show.Json;
import io.groupmembership.cli.show.OutputOption;
import io.groupmembership.protocol.api.View;
import io.groupmembership.protocol.api.ViewChange;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints changes as they happen: of one group, or of all. */
@Command(
        name = "watch",
        description = "Print a line for each change of a group, or of every group.",
        footer = {"", "-o json prints the data of each event as one line."})
public final class WatchCommand implements Callable<Integer> {
    /** A cluster restarts within this; a watch goes on over it. */
    private static final Duration OUTAGE_LIMIT = Duration.ofSeconds(60);

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

    private final Invocation invocation;

    @Mixin
    private final ServerOptions servers = new ServerOptions();

    @Mixin
    private final NamespaceOption namespace = new NamespaceOption();

    @Mixin
    private final OutputOption output = new OutputOption();

    @Parameters(paramLabel = "GROUP", arity = "0..1", description = "Only this group.")
    private Optional<String> group = Optional.empty();

    @Option(names = "--from", paramLabel = "ID", description = "Go on after this event.")
    private String from = "";

    @Option(names = "--events", paramLabel = "N", description = "End after so many events.")
    private long events = Long.MAX_VALUE;

    private long seen;

    public WatchCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws InterruptedException {
        Request request = group.map(name ->
                        Request.get(ApiPath.group(namespace.namespace(), name)).query("watch", "true"))
                .orElse(Request.get(ApiPath.WATCH));
        ServerOptions.Target target = servers.target(invocation);
        new EventStream(
                        target.connector(),
                        target.servers(),
                        OUTAGE_LIMIT,
                        from,
                        remark -> invocation.err().println(remark))
                .follow(request, this::show);
        return ExitCode.OK;
    }

    private boolean show(SseEvent event) {
        if (output.isJson()) {
            invocation.out().println(event.data());
        } else {
            invocation.out().println(LocalTime.now(ZoneId.systemDefault()).format(TIME) + "   " + line(event));
        }
        invocation.out().flush();
        return ++seen < events;
    }

    private String line(SseEvent event) {
        byte[] data = event.data().getBytes(StandardCharsets.UTF_8);
        return switch (event.type()) {
            case "view" -> ChangeLine.of(Json.read(data, ViewChange.class));
            case "snapshot" ->
                Json.read(data, JsonNode.class).has("members")
                        ? ChangeLine.of(Json.read(data, View.class))
                        : "snapshot   " + event.data();
            case "reset" -> "reset: what came after the last event is gone, starting anew";
            default -> event.type() + "   " + event.data();
        };
    }
}
