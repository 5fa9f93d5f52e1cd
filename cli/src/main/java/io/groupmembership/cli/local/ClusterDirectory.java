package io.groupmembership.cli.local;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.certs.CertificateSet;
import io.groupmembership.cli.http.Connector;
import io.groupmembership.cli.show.Json;
import io.groupmembership.protocol.cluster.ClusterFile;
import io.groupmembership.protocol.cluster.NodePorts;
import io.groupmembership.protocol.cluster.VolumeIdentity;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a cluster on this machine.
 *
 * <pre>
 * cluster.json            the founding nodes; written last, so a directory with it is complete
 * secrets                 what heartbeats are sealed with, readable by its owner alone
 * timing                  "fast" where the cluster was made with --fast
 * nodes.json              which nodes run here, once gm nodes has changed that; nodes.lock: who changes it
 * tls/                    certificates, where the nodes speak TLS: see gm up --tls
 * policy.yaml             who may do what, where the cluster was made with --access policy
 * removed/                directories of peers that are out of the cluster for good
 * node-1/identity.json    which peer this directory is, beside what the node itself keeps
 * logs/node-1.log         what the node printed
 * up.json, up.lock        who runs it
 * </pre>
 *
 * <p>An identity is drawn once, with the cluster. A node's directory that has lost it has lost the node's votes too,
 * so it is never given its old name back: {@link #refuseLostIdentities} and the node itself refuse.
 *
 * @param path absolute
 */
public record ClusterDirectory(Path path) {
    static final String CLUSTER_FILE = "cluster.json";

    private static final Set<PosixFilePermission> OWNER_ALONE = PosixFilePermissions.fromString("rw-------");

    private static final String ADMINISTRATORS_ALONE = """
            # Who may do what. Nodes read it again within ten seconds of a change. See docs/security.md.
            tokens: []
            rules:
              - groups: ["groupmembership.io:admins"]
                verbs: ["*"]
                resources: ["*"]
                namespaces: ["*"]
            """;

    public ClusterDirectory {
        path = path.toAbsolutePath().normalize();
    }

    public Path clusterFile() {
        return path.resolve(CLUSTER_FILE);
    }

    public Path secretsFile() {
        return path.resolve("secrets");
    }

    private Path timingFile() {
        return path.resolve("timing");
    }

    /** What the cluster was made with; the usual one where there is no cluster. */
    Timing timing() throws IOException {
        return Timing.read(timingFile());
    }

    public Path nodeDirectory(String nodeId) {
        return path.resolve(nodeId);
    }

    public Path logFile(String nodeId) {
        return path.resolve("logs").resolve(nodeId + ".log");
    }

    public Path upFile() {
        return path.resolve("up.json");
    }

    /** The certificates of this cluster, if it has any. */
    public LocalTls tls() {
        return new LocalTls(new CertificateSet(path.resolve("tls")));
    }

    /** Who may do what; where there is no such file, everybody may do everything. */
    public Path policyFile() {
        return path.resolve("policy.yaml");
    }

    /** How the nodes are called, as an administrator. */
    public Connector connector() {
        return new Connector(tls().administrator(), Optional.empty(), Optional.empty());
    }

    /** The base URLs of the HTTP APIs of those that run. */
    public List<URI> urls(LocalNodes nodes) {
        Connector connector = connector();
        return nodes.running().stream().map(node -> connector.url(node.http())).toList();
    }

    private Path nodesFile() {
        return path.resolve("nodes.json");
    }

    /** Held by who changes which nodes run here. */
    public Path nodesLockFile() {
        return path.resolve("nodes.lock");
    }

    /** Which nodes run here. */
    public LocalNodes nodes(ClusterFile cluster) throws IOException {
        if (!Files.exists(nodesFile())) {
            return LocalNodes.of(cluster);
        }
        try {
            return Json.readFile(Files.readAllBytes(nodesFile()), LocalNodes.class);
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            throw refusal(nodesFile() + " can't be read (damaged?): restore it, or use another --data");
        }
    }

    void write(LocalNodes nodes) throws IOException {
        write(nodesFile(), nodes);
    }

    /** Which peer a node's directory is; empty where it does not say, as when it was lost. */
    public Optional<String> peerId(String nodeId) {
        for (String file : List.of(VolumeIdentity.FILE_NAME, "volume.json")) {
            Path identity = nodeDirectory(nodeId).resolve(file);
            if (Files.exists(identity)) {
                try {
                    return Optional.ofNullable(Json.readFile(Files.readAllBytes(identity), PeerOnly.class)
                            .peerId());
                } catch (IOException e) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    private record PeerOnly(@Nullable String peerId) {}

    /** Moves a node's directory to where nothing uses it any more; returns where that is. */
    Path setAside(String nodeId) throws IOException {
        String name = peerId(nodeId).orElse(nodeId + "." + UUID.randomUUID());
        Path to = path.resolve("removed").resolve(name);
        for (int i = 2; Files.exists(to); i++) {
            to = path.resolve("removed").resolve(name + "-" + i);
        }
        Files.createDirectories(path.resolve("removed"));
        Files.move(nodeDirectory(nodeId), to, StandardCopyOption.ATOMIC_MOVE);
        return to;
    }

    public Path lockFile() {
        return path.resolve("up.lock");
    }

    /** What a new cluster with these ports would be; nothing is written yet. */
    public static ClusterFile draw(String name, List<NodePorts> nodes) {
        List<ClusterFile.Node> founders = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            String nodeId = "node-" + (i + 1);
            founders.add(nodes.get(i).of(nodeId, nodeId + "." + UUID.randomUUID(), "127.0.0.1"));
        }
        return new ClusterFile(UUID.randomUUID().toString(), name, List.copyOf(founders));
    }

    /** Writes a new cluster into a directory that has none. */
    void make(ClusterFile cluster, Timing timing) throws IOException {
        make(cluster, timing, Optional.empty());
    }

    /** @param restored what the nodes begin from, where they don't begin empty */
    void make(ClusterFile cluster, Timing timing, Optional<VolumeIdentity.Restored> restored) throws IOException {
        for (ClusterFile.Node node : cluster.nodes()) {
            refuseLeftovers(nodeDirectory(node.nodeId()));
        }
        Files.createDirectories(path.resolve("logs"));
        for (ClusterFile.Node node : cluster.nodes()) {
            Files.createDirectories(nodeDirectory(node.nodeId()));
            VolumeIdentity identity = new VolumeIdentity(
                    VolumeIdentity.FORMAT, cluster.clusterId(), node.nodeId(), node.peerId(), restored.orElse(null));
            write(identityFile(node.nodeId()), identity);
        }
        giveSecrets();
        if (timing == Timing.USUAL) {
            Files.deleteIfExists(timingFile());
        } else {
            write(timingFile(), timing.text(), Set.of());
        }
        write(clusterFile(), cluster);
    }

    /** Makes a policy by which administrators may do everything and nobody else anything, where there is none. */
    void givePolicy() throws IOException {
        if (!Files.exists(policyFile())) {
            write(policyFile(), ADMINISTRATORS_ALONE, OWNER_ALONE);
        }
    }

    /** Makes the file of secrets where there is none, as in a directory of before there were secrets. */
    void giveSecrets() throws IOException {
        if (!Files.exists(secretsFile())) {
            write(secretsFile(), NewSecret.text(), OWNER_ALONE);
        }
    }

    /** The cluster that lives here, checked against the identities of its nodes; empty where there is none. */
    public Optional<ClusterFile> read() throws IOException {
        if (!Files.exists(clusterFile())) {
            return Optional.empty();
        }
        ClusterFile cluster;
        try {
            cluster = Json.readFile(Files.readAllBytes(clusterFile()), ClusterFile.class);
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            throw refusal(clusterFile() + " can't be read as a cluster (damaged?): restore it, or use another --data");
        }
        for (LocalNode founder : founders(cluster)) {
            Path file = identityFile(founder.nodeId());
            if (Files.exists(file)) {
                verify(cluster, cluster.node(founder.nodeId()).orElseThrow(), file);
            }
        }
        return Optional.of(cluster);
    }

    private List<LocalNode> founders(ClusterFile cluster) throws IOException {
        return nodes(cluster).running().stream().filter(LocalNode::founder).toList();
    }

    /**
     * Refuses a cluster whose founders have lost so many identities that no majority is left to let others in. Fewer
     * are for the nodes themselves to refuse, while the others run and let new peers take their places.
     */
    void refuseLostIdentities(ClusterFile cluster) throws IOException {
        List<String> lost = founders(cluster).stream()
                .map(LocalNode::nodeId)
                .filter(nodeId -> !Files.exists(identityFile(nodeId)))
                .toList();
        if (!lost.isEmpty() && lost.size() * 2 >= nodes(cluster).running().size()) {
            throw refusal(String.join(", ", lost)
                    + (lost.size() == 1 ? " has lost its identity (" : " have lost their identities (")
                    + identityFile(lost.getFirst()) + "): a node with a wiped directory has forgotten its votes and"
                    + " must not come back as the peer it was, and the others are no majority without it; restore the"
                    + " directory, or make a new cluster: gm up --data ANOTHER_DIR");
        }
    }

    private void verify(ClusterFile cluster, ClusterFile.Node node, Path file) throws IOException {
        VolumeIdentity identity;
        try {
            identity = Json.readFile(Files.readAllBytes(file), VolumeIdentity.class);
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            throw refusal(file + " can't be read as an identity (damaged?): restore it, or use another --data");
        }
        boolean same = identity.clusterId().equals(cluster.clusterId())
                && identity.nodeId().equals(node.nodeId())
                && identity.peerId().equals(node.peerId());
        if (!same) {
            throw refusal(file + " belongs to another cluster or node than " + clusterFile()
                    + " says: put the right directory back, or use another --data");
        }
    }

    /** A directory may hold an identity without its cluster (the making was cut short), but no state of a node. */
    private void refuseLeftovers(Path nodeDirectory) throws IOException {
        if (!Files.isDirectory(nodeDirectory)) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(nodeDirectory)) {
            for (Path entry : entries) {
                if (!entry.getFileName().toString().startsWith(VolumeIdentity.FILE_NAME)) {
                    throw refusal(nodeDirectory + " has a node's state, but " + clusterFile()
                            + " is missing: restore that file, or make a new cluster: gm up --data ANOTHER_DIR");
                }
            }
        }
    }

    private Path identityFile(String nodeId) {
        return nodeDirectory(nodeId).resolve(VolumeIdentity.FILE_NAME);
    }

    /** Whole or not at all. */
    static void write(Path file, Object value) throws IOException {
        write(file, Json.pretty(value) + "\n", Set.of());
    }

    /** @param permissions of the file from its first moment; none for what is usual */
    private static void write(Path file, String text, Set<PosixFilePermission> permissions) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        if (!permissions.isEmpty()) {
            Files.createFile(draft, PosixFilePermissions.asFileAttribute(permissions));
        }
        Files.writeString(draft, text, StandardCharsets.UTF_8);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static CliFailure refusal(String message) {
        return new CliFailure(ExitCode.ERROR, message);
    }
}
