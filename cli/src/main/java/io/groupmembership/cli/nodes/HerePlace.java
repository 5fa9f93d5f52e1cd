package io.groupmembership.cli.nodes;

import io.groupmembership.cli.local.LocalChange;
import io.groupmembership.cli.local.LocalNode;
import io.groupmembership.protocol.HostPort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The cluster that a {@code gm up} runs in a directory.
 *
 * @param mayStart whether a node that is not there is to be started here
 */
record HerePlace(LocalChange local, boolean mayStart) implements Place {
    @Override
    public List<HostPort> nodes() throws IOException {
        return local.admins();
    }

    @Override
    public Optional<Sight.Here> here(String nodeId) throws IOException {
        Optional<LocalNode> listed = local.node(nodeId);
        boolean directory = local.hasDirectory(nodeId);
        if (listed.isEmpty() && !directory && !mayStart) {
            return Optional.empty();
        }
        return Optional.of(new Sight.Here(
                listed,
                listed.isEmpty() && mayStart ? local.offer(nodeId) : Optional.empty(),
                listed.isPresent() && local.runs(nodeId),
                directory,
                local.peerId(nodeId)));
    }

    @Override
    public void write(LocalNode node) throws IOException {
        local.write(node);
    }

    @Override
    public Path setAside(String nodeId) throws IOException {
        return local.setAside(nodeId);
    }

    @Override
    public void forget(String nodeId) throws IOException {
        local.forget(nodeId);
    }

    @Override
    public Optional<String> lastWord(String nodeId) {
        return Optional.of(local.lastWord(nodeId));
    }
}
