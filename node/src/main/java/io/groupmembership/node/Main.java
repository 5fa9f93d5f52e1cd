package io.groupmembership.node;

import io.groupmembership.node.admin.WaitingRoom;
import io.groupmembership.node.identity.IdentityException;
import io.groupmembership.node.identity.NodeIdentity;
import io.groupmembership.node.identity.SecretsFile;
import io.groupmembership.node.identity.Volume;
import io.groupmembership.node.raft.ForcedRecovery;
import io.groupmembership.node.tls.NodeTls;
import io.groupmembership.node.tls.PlainText;
import io.groupmembership.protocol.cluster.NodePorts;
import io.groupmembership.protocol.heartbeat.ClusterSecrets;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Starts a node, once it knows who it is. */
@QuarkusMain
public final class Main {
    /** The exit code where somebody has to change the configuration or the volume first. */
    public static final int EXIT_CONFIGURATION = 3;

    /** The exit code where the data on the volume is damaged. */
    public static final int EXIT_STORAGE = 4;

    /** The exit code where the node can't go on, and a restart may help. */
    public static final int EXIT_BROKEN = 5;

    private Main() {}

    public static void main(String[] arguments) {
        try {
            // both are read again where they are used: only here does a wrong one end the process with its own words
            NodeTls tls = NodeTls.of(setting("gm.tls-dir").map(Path::of));
            NodeIdentity identity = identity(required("gm.node-id"), Path.of(required("gm.data-dir")), tls);
            Optional<Path> secrets = setting("gm.secrets-file").map(Path::of);
            if (secrets.isPresent()) {
                ClusterSecrets _ = SecretsFile.read(secrets, identity.clusterId());
            }
            System.setProperty("quarkus.http.host", identity.bind());
            System.setProperty(
                    "quarkus.http.port", String.valueOf(identity.self().httpPort()));
        } catch (IdentityException e) {
            System.err.println("gm-node: " + e.getMessage());
            System.exit(EXIT_CONFIGURATION);
        }
        Quarkus.run(arguments);
    }

    /** Waits to be formed where there is no cluster file and the volume is empty. */
    private static NodeIdentity identity(String nodeId, Path dataDirectory, NodeTls tls) {
        Optional<String> clusterFile = setting("gm.cluster-file");
        if (clusterFile.isPresent()) {
            NodeIdentity identity = NodeIdentity.load(nodeId, Path.of(clusterFile.get()), dataDirectory);
            checkPlainText(tls, identity.bind());
            return identity;
        }
        String host = required("gm.host");
        String bind = setting("gm.bind").orElse("0.0.0.0");
        checkPlainText(tls, bind);
        int basePort = basePort(setting("gm.base-port").orElse(String.valueOf(NodePorts.DEFAULT_BASE)));
        Volume volume = Volume.open(dataDirectory, nodeId);
        if (volume.formed().isEmpty()) {
            volume = WaitingRoom.await(dataDirectory, volume, host, bind, NodePorts.ofBase(basePort), tls);
        }
        volume = ForcedRecovery.finish(NodeIdentity.ofVolume(dataDirectory, volume, host, bind, basePort));
        return NodeIdentity.ofVolume(dataDirectory, volume, host, bind, basePort);
    }

    private static void checkPlainText(NodeTls tls, String bind) {
        String insecure = setting("gm.insecure").orElse("false");
        if (!insecure.equals("true") && !insecure.equals("false")) {
            throw new IdentityException("gm.insecure must be true or false, not '" + insecure + "'");
        }
        PlainText.check(tls.isOn(), bind, insecure.equals("true"));
    }

    private static int basePort(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= NodePorts.MIN_BASE && port <= NodePorts.MAX_BASE) {
                return port;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new IdentityException(
                "gm.base-port must be " + NodePorts.MIN_BASE + " to " + NodePorts.MAX_BASE + ", not '" + text + "'");
    }

    private static String required(String name) {
        return setting(name)
                .orElseThrow(() -> new IdentityException("set -D" + name + "=… or " + inEnvironment(name) + "=…"));
    }

    private static Optional<String> setting(String name) {
        return Optional.ofNullable(System.getProperty(name))
                .or(() -> Optional.ofNullable(System.getenv(inEnvironment(name))));
    }

    private static String inEnvironment(String name) {
        return name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
