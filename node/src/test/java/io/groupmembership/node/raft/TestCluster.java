package io.groupmembership.node.raft;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.groupmembership.node.NodeSettings;
import io.groupmembership.node.identity.NodeIdentity;
import io.groupmembership.protocol.cluster.ClusterFile;
import io.groupmembership.protocol.cluster.VolumeIdentity;
import io.groupmembership.protocol.tls.ReloadingTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.awaitility.Awaitility;

/** Real Raft servers in one process, on loopback and free ports. */
public final class TestCluster implements AutoCloseable {
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path directory;
    private final Duration electionTimeout;
    private final ClusterFile cluster;
    private final Function<String, Optional<ReloadingTls>> tls;
    private final Map<String, RaftNode> nodes = new LinkedHashMap<>();
    private final List<String> ends = new CopyOnWriteArrayList<>();

    TestCluster(Path directory, int size) throws IOException {
        this(directory, size, Duration.ofMillis(300));
    }

    public TestCluster(Path directory, int size, Duration electionTimeout) throws IOException {
        this(directory, size, electionTimeout, _ -> Optional.empty());
    }

    /** @param tls what a node talks over, by its id; empty: plain text */
    TestCluster(Path directory, int size, Duration electionTimeout, Function<String, Optional<ReloadingTls>> tls)
            throws IOException {
        this.tls = tls;
        this.directory = directory;
        this.electionTimeout = electionTimeout;
        List<Integer> ports = freePorts(size * 3);
        List<ClusterFile.Node> members = new ArrayList<>();
        String clusterId = UUID.randomUUID().toString();
        for (int i = 1; i <= size; i++) {
            String nodeId = "node-" + i;
            int peerPort = ports.removeFirst();
            int clientPort = ports.removeFirst();
            int adminPort = ports.removeFirst();
            members.add(new ClusterFile.Node(
                    nodeId, nodeId + "." + UUID.randomUUID(), "127.0.0.1", 1, peerPort, clientPort, 1, 1, adminPort));
        }
        this.cluster = new ClusterFile(clusterId, "test", members);
        ObjectMapper json = new ObjectMapper();
        Files.write(directory.resolve("cluster.json"), json.writeValueAsBytes(cluster));
        for (ClusterFile.Node node : members) {
            Files.createDirectories(directory.resolve(node.nodeId()));
            Files.write(
                    directory.resolve(node.nodeId()).resolve(VolumeIdentity.FILE_NAME),
                    json.writeValueAsBytes(new VolumeIdentity(1, clusterId, node.nodeId(), node.peerId())));
        }
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            sockets.add(socket);
            ports.add(socket.getLocalPort());
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return ports;
    }

    ClusterFile.Node member(String nodeId) {
        return cluster.node(nodeId).orElseThrow();
    }

    public List<String> nodeIds() {
        return cluster.nodes().stream().map(ClusterFile.Node::nodeId).toList();
    }

    RaftNode start(String nodeId) {
        NodeIdentity identity = NodeIdentity.load(nodeId, directory.resolve("cluster.json"), directory.resolve(nodeId));
        RaftNode node = new RaftNode(
                identity, new Settings(nodeId, directory, electionTimeout), tls.apply(nodeId), (code, line) -> {
                    ends.add(nodeId + ": " + line);
                    throw new IllegalStateException("ended with " + code + ": " + line);
                });
        node.start();
        nodes.put(nodeId, node);
        return node;
    }

    /** The nodes that would have ended their process, and why. */
    List<String> ends() {
        return List.copyOf(ends);
    }

    public TestCluster startAll() {
        nodeIds().forEach(this::start);
        return this;
    }

    public RaftNode node(String nodeId) {
        RaftNode node = nodes.get(nodeId);
        if (node == null) {
            throw new IllegalArgumentException(nodeId + " does not run");
        }
        return node;
    }

    public void stop(String nodeId) {
        node(nodeId).stop(Duration.ofMillis(200));
        nodes.remove(nodeId);
    }

    void stopAll() {
        List.copyOf(nodes.keySet()).forEach(this::stop);
    }

    public String leader() {
        return Awaitility.await()
                .atMost(PATIENCE)
                .until(
                        () -> nodes.entrySet().stream()
                                .filter(e -> e.getValue().status().isLeader()
                                        && e.getValue().status().ready())
                                .map(Map.Entry::getKey)
                                .findFirst()
                                .orElse(""),
                        id -> !id.isEmpty());
    }

    public String follower() {
        String leader = leader();
        return nodes.keySet().stream()
                .filter(id -> !id.equals(leader))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        stopAll();
    }

    static NodeSettings settings(NodeIdentity identity) {
        Path directory = identity.dataDirectory().toAbsolutePath().getParent();
        if (directory == null) {
            throw new IllegalArgumentException(identity.dataDirectory() + " has no parent");
        }
        return new Settings(identity.self().nodeId(), directory, Duration.ofMillis(300));
    }

    private record Settings(String nodeId, Path directory, Duration electionTimeout) implements NodeSettings {
        @Override
        public Optional<Path> clusterFile() {
            return Optional.of(directory.resolve("cluster.json"));
        }

        @Override
        public Optional<String> host() {
            return Optional.empty();
        }

        @Override
        public String bind() {
            return "127.0.0.1";
        }

        @Override
        public int basePort() {
            return 7700;
        }

        @Override
        public Path dataDir() {
            return directory.resolve(nodeId);
        }

        @Override
        public Duration requestTimeout() {
            return Duration.ofSeconds(3);
        }

        @Override
        public Duration nodeTimeout() {
            return Duration.ofSeconds(2);
        }

        @Override
        public Duration tick() {
            return Duration.ofMillis(500);
        }

        @Override
        public Duration nodeLease() {
            return Duration.ofSeconds(4);
        }

        @Override
        public Optional<Path> secretsFile() {
            return Optional.empty();
        }

        @Override
        public Duration secretsGrace() {
            return Duration.ofMinutes(5);
        }

        @Override
        public int queueCapacity() {
            return 1_000;
        }

        @Override
        public long snapshotEntries() {
            return 100;
        }

        @Override
        public int maxWatchers() {
            return 10;
        }

        @Override
        public Optional<List<String>> probeNetworks() {
            return Optional.empty();
        }

        @Override
        public String access() {
            return "open";
        }

        @Override
        public Optional<Path> policyFile() {
            return Optional.empty();
        }

        @Override
        public String kubernetesUrl() {
            return "https://127.0.0.1";
        }

        @Override
        public Path kubernetesCredentials() {
            return directory;
        }

        @Override
        public Optional<String> allowedNamespaces() {
            return Optional.empty();
        }

        @Override
        public int addressRate() {
            return 1;
        }

        @Override
        public int callerRate() {
            return 1;
        }

        @Override
        public Optional<Path> tlsDir() {
            return Optional.empty();
        }

        @Override
        public boolean insecure() {
            return false;
        }
    }
}
