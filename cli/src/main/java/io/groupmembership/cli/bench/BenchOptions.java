package io.groupmembership.cli.bench;

import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.http.ApiClient;
import io.groupmembership.cli.http.ServerOptions;
import io.groupmembership.cli.show.Json;
import io.groupmembership.cli.show.Table;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the load runs have in common: whom to load, for how long, and how figures are shown. */
public final class BenchOptions {
    @Mixin
    private final ServerOptions servers = new ServerOptions();

    @Option(names = "--seconds", paramLabel = "N", description = "How long each figure is measured (default 5).")
    private int seconds = 5;

    @Option(names = "--warm-up", paramLabel = "N", description = "Seconds before each that do not count (default 2).")
    private int warmUpSeconds = 2;

    @Option(names = "--json", description = "Print the figures as JSON.")
    private boolean json;

    ServerOptions.Target target(Invocation invocation) {
        return servers.target(invocation);
    }

    ApiClient client(Invocation invocation) {
        return servers.client(invocation);
    }

    Duration measured() {
        return Duration.ofSeconds(Math.max(1, seconds));
    }

    Duration warmUp() {
        return Duration.ofSeconds(Math.max(0, warmUpSeconds));
    }

    boolean isJson() {
        return json;
    }

    /** Prints the figures, with the machine that they were measured on. */
    void show(Invocation invocation, List<BenchResult> results, Map<String, Object> more) {
        PrintStream out = invocation.out();
        if (json) {
            Map<String, Object> report = new LinkedHashMap<>();
            report.put("machine", machine());
            report.put(
                    "servers",
                    target(invocation).servers().stream().map(URI::toString).toList());
            report.put("results", results);
            report.putAll(more);
            out.println(Json.pretty(report));
            return;
        }
        out.println("machine: " + machine());
        if (!results.isEmpty()) {
            Table table = new Table(
                    "WHAT", "CLIENTS", "DONE", "PER SECOND", "P50 ms", "P99 ms", "MAX ms", "LONGEST GAP ms", "RETRIES");
            results.forEach(r -> table.row(
                    r.name(),
                    r.clients(),
                    r.done(),
                    Math.round(r.perSecond()),
                    BenchResult.text(r.p50Millis()),
                    BenchResult.text(r.p99Millis()),
                    BenchResult.text(r.maxMillis()),
                    BenchResult.text(r.longestGapMillis()),
                    r.retries()));
            table.print(out);
        }
        more.forEach((name, value) -> out.println(name + ": " + (value instanceof String s ? s : Json.pretty(value))));
    }

    private static Map<String, Object> machine() {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("processors", Runtime.getRuntime().availableProcessors());
        machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        machine.put("java", Runtime.version().toString());
        machine.put("loadToolSharesTheMachine", true);
        return machine;
    }
}
