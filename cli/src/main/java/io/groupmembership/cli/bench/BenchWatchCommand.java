package io.groupmembership.cli.bench;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.http.ApiClient;
import io.groupmembership.cli.http.ServerOptions;
import io.groupmembership.cli.show.Table;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How long one change takes to reach every watcher. */
@Command(name = "watch", description = "Measure the time from a join to its event at every watcher.")
final class BenchWatchCommand implements Callable<Integer> {
    private static final Duration SNAPSHOT_LIMIT = Duration.ofSeconds(60);
    private static final Duration EVENT_LIMIT = Duration.ofSeconds(10);
    private static final int WARM_UP_JOINS = 3;

    private final Invocation invocation;

    @Mixin
    private final BenchOptions options = new BenchOptions();

    @Option(names = "--watchers", split = ",", paramLabel = "N[,N]", description = "How many (default 1000,10000).")
    private List<Integer> watchers = List.of(1_000, 10_000);

    @Option(names = "--joins", paramLabel = "N", description = "How many changes (default 20).")
    private int joins = 20;

    BenchWatchCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    /**
     * The times of one number of watchers.
     *
     * @param events how many arrived: watchers times joins where none was lost
     * @param lost how many did not arrive in time
     * @param openSeconds until every watcher had its first event
     * @param sentP50Millis from sending the join until a watcher had its event, and so on
     * @param ackedP50Millis from the join's answer; 0 where the event came first
     */
    record FanOut(
            int watchers,
            int joins,
            long events,
            long lost,
            double openSeconds,
            double sentP50Millis,
            double sentP99Millis,
            double sentMaxMillis,
            double ackedP50Millis,
            double ackedP99Millis,
            double ackedMaxMillis) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<FanOut> results = new ArrayList<>();
        try (HeartbeatResponder heartbeats = new HeartbeatResponder()) {
            for (int count : watchers) {
                invocation.err().println("measuring the fan-out to " + count + " watchers");
                results.add(measure(options.client(invocation), heartbeats, count));
            }
        }
        options.show(invocation, List.of(), options.isJson() ? Map.of("fanOut", results) : Map.of());
        if (!options.isJson()) {
            Table table = new Table(
                    "WATCHERS",
                    "JOINS",
                    "EVENTS",
                    "LOST",
                    "OPEN s",
                    "SENT P50 ms",
                    "P99",
                    "MAX",
                    "ACKED P50 ms",
                    "P99",
                    "MAX");
            results.forEach(r -> table.row(
                    r.watchers(),
                    r.joins(),
                    r.events(),
                    r.lost(),
                    r.openSeconds(),
                    BenchResult.text(r.sentP50Millis()),
                    BenchResult.text(r.sentP99Millis()),
                    BenchResult.text(r.sentMaxMillis()),
                    BenchResult.text(r.ackedP50Millis()),
                    BenchResult.text(r.ackedP99Millis()),
                    BenchResult.text(r.ackedMaxMillis())));
            table.print(invocation.out());
        }
        return ExitCode.OK;
    }

    private FanOut measure(ApiClient client, HeartbeatResponder heartbeats, int count)
            throws IOException, InterruptedException {
        ServerOptions.Target servers = options.target(invocation);
        BenchGroup group = BenchGroup.make(client, heartbeats.address());
        Joins work = Joins.once(group, heartbeats.keys(), 1L + WARM_UP_JOINS + joins);
        URI server = servers.servers().getFirst();
        ClosedLoop.Work joining = work.single(server);
        Histogram sent = BenchResult.histogram();
        Histogram acked = BenchResult.histogram();
        long lost = 0;
        double openSeconds;
        try (BenchConnection connection = new BenchConnection(servers.connector(), server)) {
            join(connection, joining);
            long openNanos = System.nanoTime();
            try (WatchFan fan = WatchFan.open(servers, group, count)) {
                int first = fan.awaitAll(SNAPSHOT_LIMIT).length;
                openSeconds = Math.round((System.nanoTime() - openNanos) / 1e7) / 100.0;
                if (first < count) {
                    throw new CliFailure(
                            ExitCode.ERROR,
                            "only " + first + " of " + count + " watchers got the view: is a limit on open files"
                                    + " or connections in the way?");
                }
                for (int i = 0; i < WARM_UP_JOINS + joins; i++) {
                    fan.expectNext();
                    long sentNanos = System.nanoTime();
                    join(connection, joining);
                    long ackedNanos = System.nanoTime();
                    long[] arrivals = fan.awaitAll(EVENT_LIMIT);
                    if (i >= WARM_UP_JOINS) {
                        lost += count - arrivals.length;
                        for (long arrival : arrivals) {
                            BenchResult.record(sent, arrival - sentNanos);
                            BenchResult.record(acked, Math.max(0, arrival - ackedNanos));
                        }
                    }
                }
            }
        }
        group.empty(client);
        return new FanOut(
                count,
                joins,
                sent.getTotalCount(),
                lost,
                openSeconds,
                BenchResult.millis(sent.getValueAtPercentile(50)),
                BenchResult.millis(sent.getValueAtPercentile(99)),
                BenchResult.millis(sent.getMaxValue()),
                BenchResult.millis(acked.getValueAtPercentile(50)),
                BenchResult.millis(acked.getValueAtPercentile(99)),
                BenchResult.millis(acked.getMaxValue()));
    }

    private static void join(BenchConnection connection, ClosedLoop.Work joining) throws IOException {
        byte[] request = joining.next();
        int status = request == null ? 0 : connection.exchange(request);
        if (joining.acknowledged(status, connection) == 0) {
            throw new CliFailure(ExitCode.ERROR, "a join was answered with " + status + ": " + connection.text());
        }
    }
}
