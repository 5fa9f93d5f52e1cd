package io.groupmembership.cli.nodes;

import io.groupmembership.cli.local.LocalNode;
import io.groupmembership.protocol.HostPort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where the nodes are that a change is about: elsewhere, or run by a {@code gm up} here. */
interface Place {
    /** The admin APIs of nodes of the cluster. */
    List<HostPort> nodes() throws IOException;

    /** What there is here of a node; empty where it is not run here. */
    Optional<Sight.Here> here(String nodeId) throws IOException;

    void write(LocalNode node) throws IOException;

    /** Returns where the directory is now. */
    Path setAside(String nodeId) throws IOException;

    void forget(String nodeId) throws IOException;

    /** What the node said last, where that is known here. */
    Optional<String> lastWord(String nodeId);

    /** Nodes that somebody else has started, found through these. */
    record Elsewhere(List<HostPort> nodes) implements Place {
        @Override
        public Optional<Sight.Here> here(String nodeId) {
            return Optional.empty();
        }

        @Override
        public void write(LocalNode node) {
            throw notHere();
        }

        @Override
        public Path setAside(String nodeId) {
            throw notHere();
        }

        @Override
        public void forget(String nodeId) {
            throw notHere();
        }

        @Override
        public Optional<String> lastWord(String nodeId) {
            return Optional.empty();
        }

        private static IllegalStateException notHere() {
            return new IllegalStateException("the node is not run here");
        }
    }
}
