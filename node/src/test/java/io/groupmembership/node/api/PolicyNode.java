package io.groupmembership.node.api;

import io.groupmembership.node.access.AccessPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A node in memory with a policy: "reader-token" may read in namespace shop, "writer-token" everything there, "all-token" everything. */
public class PolicyNode extends InMemoryNode {
    /** Where the policy is. */
    static Path file() throws IOException {
        return Files.createDirectories(Path.of("target")).resolve("policy-node.yaml");
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        try {
            Path file = file();
            Files.writeString(file, """
                    tokens:
                      - {name: reader, sha256: %s}
                      - {name: writer, sha256: %s}
                      - {name: nobody, sha256: %s}
                      - {name: all, sha256: %s}
                    rules:
                      - {users: [reader], verbs: [get, watch], resources: ['*'], namespaces: [shop]}
                      - {users: [writer], verbs: ['*'], resources: ['*'], namespaces: [shop]}
                      - {users: [all], verbs: ['*'], resources: ['*'], namespaces: ['*']}
                    """.formatted(
                            AccessPolicy.sha256("reader-token"),
                            AccessPolicy.sha256("writer-token"),
                            AccessPolicy.sha256("nobody-token"),
                            AccessPolicy.sha256("all-token")));
            Map<String, String> overrides = new HashMap<>(super.getConfigOverrides());
            overrides.put("gm.access", "policy");
            overrides.put("gm.policy-file", file.toAbsolutePath().toString());
            return overrides;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
