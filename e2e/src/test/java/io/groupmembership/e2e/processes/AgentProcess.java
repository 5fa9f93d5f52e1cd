package io.groupmembership.e2e.processes;

import static org.awaitility.Awaitility.await;

import io.groupmembership.cli.local.NodeLaunch;
import io.groupmembership.e2e.client.Started;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A member's agent as a process of its own, started with what follows {@code gm join}. */
final class AgentProcess implements Started.Part {
    private static final Pattern MEMBER = Pattern.compile("^member \\S+ incarnation (\\d+) ", Pattern.MULTILINE);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

    private static final int WAVE = 10;

    private final String id;
    private final Process process;
    private final Path output;

    private AgentProcess(String id, Process process, Path output) {
        this.id = id;
        this.process = process;
        this.output = output;
    }

    /**
     * Starts one and returns at once.
     *
     * @param servers the nodes that it asks
     * @param more further arguments, perhaps a command after {@code --}
     */
    static AgentProcess join(Path directory, String servers, String group, String id, String... more)
            throws IOException {
        return join(directory, Map.of(), servers, group, id, more);
    }

    /** The same with more in its environment. */
    static AgentProcess join(
            Path directory, Map<String, String> environment, String servers, String group, String id, String... more)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                NodeLaunch.currentJava().toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xms8m",
                "-Xmx32m",
                "-XX:-UsePerfData",
                "-jar",
                Home.agentJar().toString(),
                "--group",
                group,
                "--id",
                id,
                "--server",
                servers));
        command.addAll(List.of(more));
        Path output = Files.createTempFile(directory, "agent-" + id + "-", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("GM_"));
        builder.environment().putAll(environment);
        return Started.add(new AgentProcess(id, builder.start(), output));
    }

    /** So that many processes do not start at one instant: waits for the last one now and then. */
    static void awaitWave(List<AgentProcess> agents) {
        if (agents.size() % WAVE == 0) {
            agents.getLast().incarnation();
        }
    }

    String id() {
        return id;
    }

    /** The incarnation that the agent said last that it has; waits for the first. */
    long incarnation() {
        return incarnationAfter(0);
    }

    /** The first incarnation that the agent says that it has, and that is larger than one that it had. */
    long incarnationAfter(long earlier) {
        return await("a membership of " + id)
                .atMost(ProcessCluster.LIMIT)
                .until(this::lastIncarnation, incarnation -> incarnation > earlier);
    }

    private long lastIncarnation() throws IOException {
        long last = 0;
        Matcher matcher = MEMBER.matcher(output());
        while (matcher.find()) {
            last = Long.parseLong(matcher.group(1));
        }
        return last;
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void kill() {
        end();
    }

    void terminate() {
        process.destroy();
    }

    void signal(Signal signal) throws IOException, InterruptedException {
        signal.to(process.pid());
    }

    int exitStatus() throws InterruptedException {
        if (!process.waitFor(ProcessCluster.LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("agent " + id + " does not end");
        }
        return process.exitValue();
    }

    @Override
    public void end() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            if (!process.waitFor(KILL_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("agent " + id + " does not end, even when killed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String lastWords() {
        return FileTail.of(output);
    }
}
