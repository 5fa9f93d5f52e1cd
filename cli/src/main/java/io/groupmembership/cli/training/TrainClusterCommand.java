package io.groupmembership.cli.training;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.local.LocalCluster;
import io.groupmembership.cli.local.LocalPorts;
import io.groupmembership.cli.local.NodeLaunch;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs three nodes for some seconds, sends them what clients send, and lets one of them and an agent record what they
 * load. The recorded caches are written as these processes end, which takes them some seconds more.
 */
@Command(name = "cluster", description = "Run a small cluster and let a node and an agent make their caches.")
final class TrainClusterCommand implements Callable<Integer> {
    private static final int NODES = 3;
    private static final Duration READY_LIMIT = Duration.ofSeconds(60);
    private static final Duration ASSEMBLY_LIMIT = Duration.ofSeconds(60);
    private static final Duration AGENT_LIMIT = Duration.ofSeconds(40);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final Invocation invocation;

    @Option(names = "--node-cache", required = true, paramLabel = "FILE")
    private Path nodeCache = Path.of("");

    @Option(names = "--agent-cache", paramLabel = "FILE")
    private Optional<Path> agentCache = Optional.empty();

    @Option(names = "--agent-jar", paramLabel = "FILE")
    private Optional<Path> agentJar = Optional.empty();

    TrainClusterCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("gm-train");
        try (LocalCluster cluster =
                LocalCluster.create(directory, LocalPorts.free(NODES), NodeLaunch.ofHome(invocation.home()))) {
            List<String> nodeIds = cluster.nodeIds();
            String recorded = nodeIds.getFirst();
            for (String nodeId : nodeIds) {
                if (nodeId.equals(recorded)) {
                    cluster.start(nodeId, "-XX:AOTCacheOutput=" + nodeCache);
                } else {
                    cluster.start(nodeId);
                }
            }
            cluster.awaitReady(READY_LIMIT);
            new TrainingRequests(cluster.url(recorded)).send(invocation.out());
            if (agentCache.isPresent() && agentJar.filter(Files::exists).isPresent()) {
                trainAgent(agentCache.get(), agentJar.get(), cluster.urls());
            }
            cluster.stop(recorded, ASSEMBLY_LIMIT);
            cluster.stopAll(STOP_LIMIT);
        } finally {
            delete(directory);
        }
        if (!Files.exists(nodeCache)) {
            throw new CliFailure(ExitCode.ERROR, "no cache at " + nodeCache + " was made");
        }
        return ExitCode.OK;
    }

    /** An agent that joins, runs a command that ends at once, and leaves. */
    private void trainAgent(Path cache, Path jar, List<URI> servers) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(NodeLaunch.currentJava().toString());
        command.add("@" + invocation.home().resolve("cli/agent-jvm.args"));
        command.addAll(NodeLaunch.SILENT_CACHE);
        command.add("-XX:AOTCacheOutput=" + cache);
        command.addAll(List.of("-jar", jar.toString(), "--group", "training", "--id", "agent"));
        command.addAll(List.of("--server", servers.stream().map(URI::toString).collect(Collectors.joining(","))));
        command.addAll(List.of("--no-listen", "--", "sleep", "1"));
        Process agent = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (!agent.waitFor(AGENT_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            agent.destroyForcibly();
        }
        invocation.out().println("agent ended: " + !agent.isAlive());
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
