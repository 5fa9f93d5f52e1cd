package io.groupmembership.cli.bench;

import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.http.ApiClient;
import io.groupmembership.cli.http.ServerOptions;
import io.groupmembership.protocol.Limits;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Fills a group and leaves it so, to see what many members cost: memory, snapshots, restarts. */
@Command(
        name = "fill",
        description = "Join many members and leave them in, to see what they cost.",
        footer = {
            "",
            "Once this program has ended nobody answers their heartbeats, so the nodes remove them as crashed after",
            "ten minutes; --hold keeps it running, and answering."
        })
final class BenchFillCommand implements Callable<Integer> {
    private static final int CLIENTS = 8;
    private static final int BATCH = 250;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Invocation invocation;

    @Mixin
    private final BenchOptions options = new BenchOptions();

    @Option(names = "--members", paramLabel = "N", description = "How many (default 100000).")
    private long members = 100_000;

    @Option(names = "--hold", paramLabel = "SECONDS", description = "Answer heartbeats for so long afterwards.")
    private int holdSeconds;

    BenchFillCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        long wanted = Math.clamp(members, 1, Limits.MAX_MEMBERS);
        long rounded = (wanted + BATCH - 1) / BATCH * BATCH;
        ServerOptions.Target servers = options.target(invocation);
        Map<String, Object> more = new LinkedHashMap<>();
        try (HeartbeatResponder heartbeats = new HeartbeatResponder()) {
            ApiClient client = options.client(invocation);
            BenchGroup group = BenchGroup.make(client, heartbeats.address());
            more.put("group", group.name());
            more.put("residentMebibytesBefore", NodeMemory.residentMebibytes(invocation));
            Joins joins = Joins.once(group, heartbeats.keys(), rounded);
            BenchResult result = new ClosedLoop(servers, CLIENTS)
                    .run("joins, " + BATCH + " a batch", Duration.ZERO, LIMIT, s -> joins.batched(s, BATCH));
            more.put("residentMebibytesAfter", NodeMemory.residentMebibytes(invocation));
            int inView = group.view(client).members().size();
            more.put("membersInView", inView);
            options.show(invocation, List.of(result), more);
            invocation.out().flush();
            if (holdSeconds > 0) {
                invocation.err().println("answering heartbeats for " + holdSeconds + " s");
                Thread.sleep(Duration.ofSeconds(holdSeconds));
            }
            return inView == rounded ? ExitCode.OK : ExitCode.ERROR;
        }
    }
}
