package io.groupmembership.e2e.chaos;

import static org.awaitility.Awaitility.await;

import io.groupmembership.e2e.client.Nodes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** Clients at work while a nemesis strikes, and what is found afterwards. */
final class ChaosRun {
    private static final int KEY_CLIENTS = 6;
    private static final int GROUP_CLIENTS = 3;
    private static final Duration REST = Duration.ofMillis(15);

    private final Rig rig;
    private final List<Fault> faults;
    private final long seed;
    private final String readOptions;
    private final Queue<String> surprises = new ConcurrentLinkedQueue<>();
    private volatile boolean stopping;

    ChaosRun(Rig rig, List<Fault> faults, long seed) {
        this(rig, faults, seed, "");
    }

    private ChaosRun(Rig rig, List<Fault> faults, long seed, String readOptions) {
        this.rig = rig;
        this.faults = faults;
        this.seed = seed;
        this.readOptions = readOptions;
    }

    /** The planted fault: clients take what any node has for the truth. */
    static ChaosRun withoutBarriers(Rig rig, List<Fault> faults, long seed) {
        return new ChaosRun(rig, faults, seed, "?consistency=stale");
    }

    /** What came of it. */
    record Report(
            String faults,
            long seed,
            Duration time,
            int strikes,
            long operations,
            long unknown,
            int changes,
            List<String> violations,
            Duration longestWithoutAWrite) {
        static final String HEAD =
                "| faults | seed | minutes | strikes | operations | unknown | changes watched | violations | longest without a write |";

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "| %s | %d | %.1f | %d | %d | %d | %d | %d | %.1f s |",
                    faults,
                    seed,
                    time.toMillis() / 60_000.0,
                    strikes,
                    operations,
                    unknown,
                    changes,
                    violations.size(),
                    longestWithoutAWrite.toMillis() / 1_000.0);
        }
    }

    Report run(Path directory, Judge judge, Duration time) throws IOException, InterruptedException {
        long beginNanos = System.nanoTime();
        Nemesis nemesis = new Nemesis(rig, faults, seed);
        WatchedViews views =
                WatchedViews.of(rig.usual().stream().map(RigNode::api).toList());
        Path file = directory.resolve("history-" + seed + ".json");
        History history = new History(file);
        try (history) {
            underFaults(nemesis, history, time);
            await("all streams come to the same end")
                    .atMost(Nodes.LIMIT)
                    .until(() -> views.behind().isEmpty());
        } finally {
            views.end();
            System.out.println("seed " + seed + ": " + nemesis.strikes());
        }
        List<String> violations = new ArrayList<>(surprises);
        violations.addAll(views.violations());
        Judge.Verdict verdict = judge.of(file);
        if (!verdict.linearizable()) {
            violations.add(verdict.words());
        }
        return new Report(
                String.join(", ", faults.stream().map(Fault::words).toList()),
                seed,
                Duration.ofNanos(System.nanoTime() - beginNanos),
                nemesis.strikes().size(),
                history.operations(),
                history.unknown(),
                views.compared(),
                List.copyOf(violations),
                history.longestWithoutAWrite());
    }

    private void underFaults(Nemesis nemesis, History history, Duration time) throws IOException, InterruptedException {
        List<Thread> clients = List.of();
        try (ServerSocket members = new ServerSocket(0, 256, InetAddress.getByName(rig.network.here()))) {
            Thread.ofVirtual().name("members").start(() -> acceptAll(members));
            clients = startClients(history, rig.network.here() + ":" + members.getLocalPort());
            nemesis.run(time);
        } finally {
            stopping = true;
            for (Thread client : clients) {
                if (!client.join(Nodes.LIMIT)) {
                    surprises.add(client.getName() + " has no answer");
                }
            }
        }
    }

    private List<Thread> startClients(History history, String memberAddress) {
        SplittableRandom random = new SplittableRandom(~seed);
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < KEY_CLIENTS; i++) {
            Caller caller = new Caller(rig::apis, random.split());
            clients.add(new KeyClient(i, "s" + seed, history, caller, random.split(), readOptions));
        }
        for (int i = KEY_CLIENTS; i < KEY_CLIENTS + GROUP_CLIENTS; i++) {
            Caller caller = new Caller(rig::apis, random.split());
            clients.add(new GroupClient(i, "s" + seed, history, caller, random.split(), memberAddress));
        }
        List<Thread> threads = new ArrayList<>();
        for (Client client : clients) {
            threads.add(Thread.ofVirtual()
                    .name(client.getClass().getSimpleName() + " " + threads.size())
                    .start(() -> work(client)));
        }
        return threads;
    }

    private void work(Client client) {
        try {
            while (!stopping) {
                client.next();
                TimeUnit.NANOSECONDS.sleep(REST.toNanos());
            }
        } catch (IOException | RuntimeException e) {
            surprises.add(Thread.currentThread().getName() + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The members: whoever connects finds them alive. */
    private static void acceptAll(ServerSocket members) {
        while (!members.isClosed()) {
            try (Socket accepted = members.accept()) {
                accepted.setSoLinger(true, 0);
            } catch (IOException e) {
                // the other side was faster, or this one is closed
            }
        }
    }
}
