package io.groupmembership.node;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What can be set on a node, as {@code -Dgm.name=value} or {@code GM_NAME=value}. */
@ConfigMapping(prefix = "gm")
public interface NodeSettings {
    /** Its name in the cluster file; without one its name for good. */
    String nodeId();

    /** The founding nodes; absent where an operator forms the cluster. */
    Optional<Path> clusterFile();

    /** What the node tells others to reach it by; without a cluster file only, and needed there. */
    Optional<String> host();

    /** The address to listen at; without a cluster file only. */
    @WithDefault("0.0.0.0")
    String bind();

    /**
     * The first of the node's six ports, each ten after the one before: HTTP, Raft, forwarded requests, heartbeats,
     * administration, Raft administration. Without a cluster file only.
     */
    @WithDefault("7700")
    int basePort();

    Path dataDir();

    /** How long a request may take before it is answered 503. */
    @WithDefault("5s")
    Duration requestTimeout();

    /** How long no beat of a node counts before the leader declares it down. The same on all nodes. */
    @WithDefault("2s")
    Duration nodeTimeout();

    /** The time between two beats of a node. The same on all nodes. */
    @WithDefault("500ms")
    Duration tick();

    /** For how long a node may confirm its members after a beat that was agreed on. The same on all nodes. */
    @WithDefault("4s")
    Duration nodeLease();

    /** The cluster's secrets, a line each: a key id and Base64. Without one heartbeats are sealed with a key that anybody can compute. */
    Optional<Path> secretsFile();

    /** How long after it was appended a secret is used: until then every node has read it. */
    @WithDefault("5m")
    Duration secretsGrace();

    /** Requests that may wait for a place in a batch; one more is answered 429. */
    @WithDefault("16384")
    int queueCapacity();

    /** Log entries between two snapshots. */
    @WithDefault("100000")
    long snapshotEntries();

    /** The least time without a word from the leader before an election; the most is twice that. */
    @WithDefault("500ms")
    Duration electionTimeout();

    /** Streams of changes that one node serves. */
    @WithDefault("20000")
    int maxWatchers();

    /** A directory with ca.crt, tls.crt and tls.key, read again where they change: all ports over TCP speak TLS then. */
    Optional<Path> tlsDir();

    /** Whether the node may listen in plain text elsewhere than on loopback. */
    @WithDefault("false")
    boolean insecure();

    /** Who may do what: open (everybody everything), policy (what a file says) or kubernetes (its tokens and RBAC). */
    @WithDefault("open")
    String access();

    /** Tokens and rules, YAML or JSON; read again every ten seconds. With access=policy only, and needed there. */
    Optional<Path> policyFile();

    /** The API server that tokens and rights are asked of; with access=kubernetes only. */
    @WithDefault("https://kubernetes.default.svc")
    String kubernetesUrl();

    /** The directory with the token and the ca.crt that the API server is asked with. */
    @WithDefault("/var/run/secrets/kubernetes.io/serviceaccount")
    Path kubernetesCredentials();

    /**
     * Whose pods may join, with access=kubernetes: a selector of namespaces by their labels, as in {@code team=a}; without one all
     * may.
     */
    Optional<String> allowedNamespaces();

    /** Requests a second of one client address, where access is not open; twice as many at once. */
    @WithDefault("5000")
    int addressRate();

    /** Requests a second of one caller, where access is not open; twice as many at once. */
    @WithDefault("2000")
    int callerRate();

    /**
     * The networks that members with the heartbeats tcp and http may be in, as in 10.0.0.0/8. Without it anything where
     * access is open, and this machine otherwise.
     */
    Optional<List<String>> probeNetworks();
}
