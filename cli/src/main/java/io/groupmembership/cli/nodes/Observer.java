package io.groupmembership.cli.nodes;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.local.LocalNode;
import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.api.RaftState;
import io.groupmembership.protocol.cluster.NodePorts;
import io.groupmembership.protocol.cluster.PeerId;
import java.io.IOException;
import java.net.URI;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Looks at a cluster, and at the node that a change is about. */
final class Observer {
    private final AdminApi api;
    private final Place place;
    private final String nodeId;
    private final Optional<HostPort> at;

    /** @param at the admin port of the node that is to come in, where somebody has said so */
    Observer(AdminApi api, Place place, String nodeId, Optional<HostPort> at) {
        this.api = api;
        this.place = place;
        this.nodeId = nodeId;
        this.at = at;
    }

    /** What is seen, and where the leader is asked. */
    record Seen(Sight sight, URI leaderAt, Optional<URI> candidateAt) {}

    /**
     * Empty where no node leads now.
     *
     * @throws CliFailure where no node answers at all
     */
    Optional<Seen> look() throws IOException {
        Map<URI, RaftState> answers = new HashMap<>();
        Set<URI> known =
                new LinkedHashSet<>(place.nodes().stream().map(api::url).toList());
        ask(known, answers);
        if (answers.isEmpty()) {
            throw new CliFailure(
                    ExitCode.UNAVAILABLE,
                    "no node answers at its admin port: "
                            + known.stream().map(URI::getAuthority).collect(Collectors.joining(", ")));
        }
        // what one of them knows of the others
        Set<URI> others = answers.values().stream()
                .flatMap(state -> state.peers().stream())
                .map(NodePorts::adminApi)
                .map(api::url)
                .filter(node -> !known.contains(node))
                .collect(Collectors.toSet());
        ask(others, answers);
        Optional<Map.Entry<URI, RaftState>> leader = answers.entrySet().stream()
                .filter(answer -> answer.getValue().role().equals("leader"))
                .max(Comparator.comparingLong(answer -> answer.getValue().term()));
        return leader.isEmpty()
                ? Optional.empty()
                : Optional.of(seen(leader.get().getKey(), leader.get().getValue(), answers));
    }

    private void ask(Set<URI> nodes, Map<URI, RaftState> answers) {
        for (URI node : nodes) {
            api.state(node).ifPresent(state -> answers.put(node, state));
        }
    }

    private Seen seen(URI leaderAt, RaftState leader, Map<URI, RaftState> answers) throws IOException {
        Map<String, RaftState> states = new HashMap<>();
        answers.values().forEach(state -> states.put(state.peerId(), state));
        Optional<Sight.Here> here = at.isPresent() ? Optional.empty() : place.here(nodeId);
        Optional<URI> candidateAt = candidateAt(leader, here);
        Optional<RaftState> candidate = candidateAt.flatMap(
                node -> Optional.ofNullable(answers.get(node)).or(() -> api.state(node)));
        Sight sight = new Sight(
                leader, states, candidate, candidateAt.map(URI::getAuthority).orElse("its admin port"), here);
        return new Seen(sight, leaderAt, candidateAt);
    }

    private Optional<URI> candidateAt(RaftState leader, Optional<Sight.Here> here) {
        return at.or(() -> here.flatMap(Sight.Here::listed).map(LocalNode::admin))
                .or(() -> leader.peers().stream()
                        .filter(peer -> PeerId.nodeId(peer.peerId()).equals(nodeId))
                        .findFirst()
                        .map(NodePorts::adminApi))
                .map(api::url);
    }
}
