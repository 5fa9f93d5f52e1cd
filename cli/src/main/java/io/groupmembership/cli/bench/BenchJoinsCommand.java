package io.groupmembership.cli.bench;

import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.http.ApiClient;
import io.groupmembership.cli.http.ServerOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Joins a second: single and batched as fast as they go, or at a fixed rate with a check of the view afterwards. */
@Command(
        name = "joins",
        description = "Measure joins a second; with --rate, send them at a fixed rate and check the view afterwards.",
        footer = {
            "",
            "With --rate it exits with 1 where an acknowledged join is not in the view exactly once.",
            "LONGEST GAP is the longest time in which no join was answered: kill the leader meanwhile to see it."
        })
final class BenchJoinsCommand implements Callable<Integer> {
    private static final int BATCH_CLIENTS = 16;
    private static final int WARM_UP_MEMBERS = 20_000;

    private final Invocation invocation;

    @Mixin
    private final BenchOptions options = new BenchOptions();

    @Option(
            names = "--clients",
            split = ",",
            paramLabel = "N[,N]",
            description = "For single joins (default 1,16,256).")
    private List<Integer> clients = List.of(1, 16, 256);

    @Option(names = "--batches", split = ",", paramLabel = "N[,N]", description = "Sizes of batches (default 64,256).")
    private List<Integer> batches = List.of(64, 256);

    @Option(names = "--max-joins", paramLabel = "N", description = "Most members of one figure (default 100000).")
    private long maxJoins = 100_000;

    @Option(names = "--rate", paramLabel = "N", description = "Joins a second, over all servers in turn.")
    private Optional<Integer> rate = Optional.empty();

    @Option(names = "--keep", description = "Leave the members in.")
    private boolean keep;

    BenchJoinsCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        return rate.isPresent() ? atRate(Math.clamp(rate.get(), 1, 100_000)) : asFastAsTheyGo();
    }

    private int asFastAsTheyGo() throws IOException, InterruptedException {
        List<BenchResult> results = new ArrayList<>();
        for (int count : clients) {
            results.add(measure("single joins", count, 1));
        }
        for (int size : batches) {
            results.add(measure("joins, " + size + " a batch", BATCH_CLIENTS, size));
        }
        options.show(invocation, results, Map.of());
        return ExitCode.OK;
    }

    /** Warms up in a group of its own, so that the members of the measured one are not used up before it counts. */
    private BenchResult measure(String name, int count, int size) throws IOException, InterruptedException {
        invocation.err().print(name + ", " + count + (count == 1 ? " client" : " clients"));
        invocation.err().flush();
        ServerOptions.Target servers = options.target(invocation);
        ApiClient client = options.client(invocation);
        BenchGroup warming;
        BenchGroup measured;
        BenchResult result;
        try (HeartbeatResponder heartbeats = new HeartbeatResponder()) {
            warming = BenchGroup.make(client, heartbeats.address());
            Joins endless = Joins.endless(warming, heartbeats.keys(), WARM_UP_MEMBERS);
            new ClosedLoop(servers, count).run(name, Duration.ZERO, options.warmUp(), work(endless, size));
            measured = BenchGroup.make(client, heartbeats.address());
            Joins once = Joins.once(measured, heartbeats.keys(), maxJoins);
            result = new ClosedLoop(servers, count).run(name, Duration.ZERO, options.measured(), work(once, size));
        }
        invocation.err().println(": " + Math.round(result.perSecond()) + " a second");
        empty(warming, client);
        empty(measured, client);
        return result;
    }

    private void empty(BenchGroup group, ApiClient client) {
        if (!keep) {
            group.empty(client);
        }
    }

    private static ClosedLoop.WorkFactory work(Joins joins, int size) {
        return size == 1 ? joins::single : server -> joins.batched(server, size);
    }

    private int atRate(int perSecond) throws IOException, InterruptedException {
        ServerOptions.Target servers = options.target(invocation);
        ApiClient client = options.client(invocation);
        BenchGroup group;
        OpenLoop.Verdict verdict;
        try (HeartbeatResponder heartbeats = new HeartbeatResponder()) {
            group = BenchGroup.make(client, heartbeats.address());
            OpenLoop loop = new OpenLoop(servers, group, heartbeats.keys());
            invocation.err().println("joining " + perSecond + " members a second to " + group.name());
            BenchResult result = loop.run(perSecond, options.measured());
            verdict = loop.verify(group.view(client));
            options.show(invocation, List.of(result), Map.of("verdict", verdict));
        }
        if (!verdict.isGood()) {
            invocation.err().println("error: the view does not have every acknowledged join exactly once");
        }
        empty(group, client);
        return verdict.isGood() ? ExitCode.OK : ExitCode.ERROR;
    }
}
