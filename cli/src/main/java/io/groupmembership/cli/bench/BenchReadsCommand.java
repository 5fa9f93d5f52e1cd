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
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Linearizable reads of a small group. */
@Command(name = "reads", description = "Measure linearizable reads of a group of ten.")
final class BenchReadsCommand implements Callable<Integer> {
    private static final int MEMBERS = 10;
    private static final Duration SET_UP_LIMIT = Duration.ofSeconds(30);

    private final Invocation invocation;

    @Mixin
    private final BenchOptions options = new BenchOptions();

    @Option(
            names = "--clients",
            split = ",",
            paramLabel = "N[,N]",
            description = "How many at once (default 1,16,256).")
    private List<Integer> clients = List.of(1, 16, 256);

    BenchReadsCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        ServerOptions.Target servers = options.target(invocation);
        try (HeartbeatResponder heartbeats = new HeartbeatResponder()) {
            ApiClient client = options.client(invocation);
            BenchGroup group = BenchGroup.make(client, heartbeats.address());
            Joins joins = Joins.once(group, heartbeats.keys(), MEMBERS);
            new ClosedLoop(servers, 1).run("joins", Duration.ZERO, SET_UP_LIMIT, joins::single);
            List<BenchResult> results = new ArrayList<>();
            for (int count : clients) {
                invocation.err().println("measuring reads, " + count + (count == 1 ? " client" : " clients"));
                results.add(new ClosedLoop(servers, count)
                        .run("reads", options.warmUp(), options.measured(), s -> Joins.reading(group, s)));
            }
            options.show(invocation, results, Map.of());
            group.empty(client);
        }
        return ExitCode.OK;
    }
}
