package io.groupmembership.cli.local;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.show.DurationText;
import io.groupmembership.protocol.cluster.ClusterFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts the cluster of a directory, or makes one there first. */
@Command(
        name = "up",
        description = "Start a cluster on this machine; Ctrl-C stops it, its state stays.",
        footer = {"", "The same --data brings back the same cluster, with everything in it."})
public final class UpCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Option(names = "--nodes", paramLabel = "1|3|5", description = "Size of a new cluster (default 3).")
    private Optional<Integer> nodes = Optional.empty();

    @Option(names = "--data", paramLabel = "DIR", description = "Where the state is (default .gm/local).")
    private Optional<Path> data = Optional.empty();

    @Option(
            names = "--base-port",
            paramLabel = "PORT",
            description = "Ports of a new cluster follow this one (default 7700: the API is at 7701, 7702, 7703).")
    private Optional<Integer> basePort = Optional.empty();

    @Option(
            names = "--fast",
            description =
                    "A new cluster whose nodes notice each other's end in 1 s, so that groups may have an interval"
                            + " of 1 s: gm policy GROUP --interval 1s. It stays so.")
    private boolean fast;

    @Option(
            names = "--tls",
            description = "Nodes speak TLS only, with certificates that are made for them in DIR/tls. It stays so.")
    private boolean tls;

    @Option(
            names = "--access",
            paramLabel = "open|policy",
            description = "With policy, and TLS, callers may do what DIR/policy.yaml says: at first administrators"
                    + " everything, and nobody else anything. It stays so.")
    private Optional<Access> access = Optional.empty();

    @Option(names = "--detach", description = "Return when the cluster is ready; gm down stops it.")
    private boolean detach;

    @Option(
            names = "--ready-timeout",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = DurationText.class,
            description = "How long to wait for the nodes (default 60s).")
    private Duration readyTimeout = Duration.ofSeconds(60);

    /** What {@code --detach} starts behind it. */
    @Option(names = "--detached", hidden = true)
    private boolean detached;

    /** Who may do what. */
    enum Access {
        OPEN,
        POLICY
    }

    public UpCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        ClusterDirectory directory = new ClusterDirectory(data.orElse(invocation.defaultDataDirectory()));
        checkAccess(directory);
        NodeLaunch launch = NodeLaunch.ofHome(invocation.home());
        refuseIfRunning(directory);
        UpPlan plan = UpPlan.decide(directory.read(), directory.timing(), nodes, basePort, fast);
        List<ClusterFile.Node> places = plan.places(directory);
        if (!plan.isNew()) {
            directory.refuseLostIdentities(plan.cluster());
        }
        new Orphans(directory, invocation.out()).stop();
        List<LocalPorts.Use> taken = PortCheck.taken(places);
        if (!taken.isEmpty()) {
            throw new CliFailure(ExitCode.ERROR, PortCheck.message(taken, plan.isNew()));
        }
        if (detach) {
            return new DetachedUp(invocation, directory, readyTimeout).run(options(plan));
        }
        Files.createDirectories(directory.path());
        try (FileChannel lockFile =
                        FileChannel.open(directory.lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lockFile.tryLock()) {
            if (lock == null) {
                throw alreadyRunning(directory);
            }
            if (plan.isNew()) {
                directory.make(plan.cluster(), plan.timing());
            }
            secure(directory);
            LocalCluster cluster = LocalCluster.open(directory.path(), launch);
            return new ForegroundUp(cluster, invocation.out(), detached).run(readyTimeout);
        }
    }

    private void checkAccess(ClusterDirectory directory) {
        if (access.equals(Optional.of(Access.POLICY))
                && !tls
                && !directory.tls().isOn()) {
            throw new CliFailure(
                    ExitCode.USAGE, "--access policy: needs --tls, by whose certificates callers are known");
        }
        if (access.equals(Optional.of(Access.OPEN)) && Files.exists(directory.policyFile())) {
            throw new CliFailure(
                    ExitCode.CONFLICT,
                    "--access open: callers may do here what " + directory.policyFile()
                            + " says: remove that file to let everybody do everything");
        }
    }

    private void secure(ClusterDirectory directory) throws IOException {
        Instant now = Instant.now();
        if (tls) {
            directory.tls().make(now);
        }
        if (directory.tls().isOn()) {
            directory.tls().keepAdministrator(now);
        }
        if (access.equals(Optional.of(Access.POLICY))) {
            directory.givePolicy();
        }
    }

    private void refuseIfRunning(ClusterDirectory directory) {
        if (UpFile.read(directory.upFile()).flatMap(UpFile::supervisor).isPresent()) {
            throw alreadyRunning(directory);
        }
    }

    private static CliFailure alreadyRunning(ClusterDirectory directory) {
        String process = UpFile.read(directory.upFile())
                .map(up -> " as process " + up.pid())
                .orElse("");
        return new CliFailure(
                ExitCode.ERROR,
                "the cluster in " + directory.path() + " is running already" + process
                        + ": gm status shows it, gm down stops it");
    }

    private List<String> options(UpPlan plan) {
        List<ClusterFile.Node> founders = plan.cluster().nodes();
        List<String> options = new ArrayList<>(List.of(
                "--nodes",
                String.valueOf(founders.size()),
                "--base-port",
                String.valueOf(founders.getFirst().httpPort() - 1)));
        if (plan.timing() == Timing.FAST) {
            options.add("--fast");
        }
        if (tls) {
            options.add("--tls");
        }
        access.ifPresent(chosen -> options.addAll(List.of("--access", chosen.name())));
        return options;
    }
}
