package io.groupmembership.node.api;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Set;

/** A node whose log is in memory: the HTTP API, the streams and the admin port are real, Raft is not there. */
public class InMemoryNode implements QuarkusTestProfile {
    private static final int HTTP_PORT = freePort();
    private static final int ADMIN_PORT = freePort();

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                // a number: two HTTP servers, one at port 0, would tag their metrics differently, which is refused
                "quarkus.http.test-port", String.valueOf(HTTP_PORT),
                "quarkus.http.host", "127.0.0.1",
                "quarkus.arc.exclude-types", OTHER_ROOMS,
                "gm.node-id", "node-1",
                "gm.cluster-file", "unused",
                "gm.data-dir", "unused");
    }

    /** The rooms that need a real log. */
    private static final String OTHER_ROOMS = "io.groupmembership.node.*,io.groupmembership.node.raft.*,"
            + "io.groupmembership.node.duty.*,io.groupmembership.node.liveness.*,io.groupmembership.node.monitor.*,"
            + "io.groupmembership.node.metrics.CommitMetrics,io.groupmembership.node.metrics.HeartbeatMetrics";

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return Set.of(InMemoryReplica.class, IdentityInMemory.class);
    }

    public static int adminPort() {
        return ADMIN_PORT;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
