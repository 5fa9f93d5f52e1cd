package io.groupmembership.cli.bench;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.http.ApiClient;
import io.groupmembership.cli.http.ServerOptions;
import io.groupmembership.cli.local.ClusterDirectory;
import io.groupmembership.protocol.cluster.ClusterFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Has members join and leave as fast as it goes, and looks at how much the nodes' directories hold. */
@Command(
        name = "churn",
        description = "Join and leave as often as in a day, and measure the disk use of each node.",
        footer = {"", "The nodes must be those of a gm up on this machine. --limit ends it before all changes are made."
        })
final class BenchChurnCommand implements Callable<Integer> {
    /** A day with 100 changes a second. */
    private static final long DAY = 24L * 60 * 60 * 100;

    private final Invocation invocation;

    @Mixin
    private final BenchOptions options = new BenchOptions();

    @Option(names = "--changes", paramLabel = "N", description = "How many joins and leaves (default 8640000).")
    private long changes = DAY;

    @Option(names = "--clients", paramLabel = "N", description = "How many at once (default 256).")
    private int clients = 256;

    @Option(names = "--limit", paramLabel = "SECONDS", description = "The longest that it may take (default 86400).")
    private long limitSeconds = 86_400;

    @Option(names = "--every", paramLabel = "SECONDS", description = "How often the disk is looked at (default 1).")
    private int everySeconds = 1;

    @Option(names = "--data", paramLabel = "DIR", description = "The directory of the cluster (default .gm/local).")
    private Optional<Path> data = Optional.empty();

    @Option(names = "--csv", paramLabel = "FILE", description = "Where the curve is written to.")
    private Optional<Path> csv = Optional.empty();

    BenchChurnCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        ClusterDirectory directory = new ClusterDirectory(data.orElse(invocation.defaultDataDirectory()));
        List<String> nodeIds = directory
                .read()
                .orElseThrow(() ->
                        new CliFailure(ExitCode.NOT_FOUND, "no cluster is in " + directory.path() + ": say --data DIR"))
                .nodes()
                .stream()
                .map(ClusterFile.Node::nodeId)
                .toList();
        ServerOptions.Target servers = options.target(invocation);
        ApiClient client = options.client(invocation);
        BenchGroup group = BenchGroup.make(client, "127.0.0.1:9");
        Churn churn = new Churn(group, Math.max(2, changes));
        DiskCurve curve = new DiskCurve();
        long beganNanos = System.nanoTime();
        BenchResult result;
        try (ScheduledExecutorService sampler =
                Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().factory())) {
            var _ = sampler.scheduleAtFixedRate(
                    () -> curve.add(sample(beganNanos, churn, directory, nodeIds)),
                    0,
                    Math.max(1, everySeconds),
                    TimeUnit.SECONDS);
            result = new ClosedLoop(servers, Math.max(1, clients))
                    .run("joins and leaves", Duration.ZERO, Duration.ofSeconds(Math.max(1, limitSeconds)), churn::work);
            sampler.shutdownNow();
        }
        curve.add(sample(beganNanos, churn, directory, nodeIds));
        if (csv.isPresent()) {
            Files.write(csv.get(), curve.csv(nodeIds));
        }
        options.show(invocation, List.of(result), figures(curve, churn));
        if (!options.isJson()) {
            curve.plot().forEach(invocation.out()::println);
        }
        return ExitCode.OK;
    }

    private static DiskCurve.Sample sample(
            long beganNanos, Churn churn, ClusterDirectory directory, List<String> nodeIds) {
        List<Long> bytes = new ArrayList<>();
        try {
            for (String nodeId : nodeIds) {
                bytes.add(DiskCurve.bytes(directory.nodeDirectory(nodeId)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new DiskCurve.Sample((System.nanoTime() - beganNanos) / 1e9, churn.done(), bytes);
    }

    private static Map<String, Object> figures(DiskCurve curve, Churn churn) {
        List<DiskCurve.Sample> samples = curve.samples();
        long most = samples.stream().mapToLong(DiskCurve.Sample::most).max().orElse(0);
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("changes", String.valueOf(churn.done()));
        figures.put("mebibytesAtMost", mebibytes(most));
        figures.put("mebibytesAtTheEnd", mebibytes(samples.getLast().most()));
        return figures;
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / (1024.0 * 1024));
    }
}
