package io.groupmembership.node.api;

import io.groupmembership.node.access.kubernetes.FakeApiServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node in memory that asks an API server. */
public final class KubernetesNode extends InMemoryNode {
    /** The API server runs beside the node. */
    public static final class Server implements QuarkusTestResourceLifecycleManager {
        private @Nullable FakeApiServer server;

        @Override
        public Map<String, String> start() {
            try {
                FakeApiServer started =
                        new FakeApiServer(Path.of("target", "fake-api-server").toAbsolutePath());
                server = started;
                return Map.of(
                        "gm.kubernetes-url",
                        started.url(),
                        "gm.kubernetes-credentials",
                        started.credentials().toString());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void stop() {
            if (server != null) {
                server.close();
            }
        }
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> overrides = new HashMap<>(super.getConfigOverrides());
        overrides.put("gm.access", "kubernetes");
        overrides.put("gm.probe-networks", "10.0.0.0/8");
        return overrides;
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(Server.class));
    }
}
