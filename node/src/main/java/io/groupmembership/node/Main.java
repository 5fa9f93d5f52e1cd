package io.groupmembership.node;

import io.groupmembership.node.identity.IdentityException;
import io.groupmembership.node.identity.NodeIdentity;
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
            NodeIdentity identity = NodeIdentity.load(
                    required("gm.node-id"), Path.of(required("gm.cluster-file")), Path.of(required("gm.data-dir")));
            System.setProperty("quarkus.http.host", identity.self().host());
            System.setProperty(
                    "quarkus.http.port", String.valueOf(identity.self().httpPort()));
        } catch (IdentityException e) {
            System.err.println("gm-node: " + e.getMessage());
            System.exit(EXIT_CONFIGURATION);
        }
        Quarkus.run(arguments);
    }

    private static String required(String name) {
        String inEnvironment = name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
        return Optional.ofNullable(System.getProperty(name))
                .or(() -> Optional.ofNullable(System.getenv(inEnvironment)))
                .orElseThrow(() -> new IdentityException("set -D" + name + "=… or " + inEnvironment + "=…"));
    }
}
