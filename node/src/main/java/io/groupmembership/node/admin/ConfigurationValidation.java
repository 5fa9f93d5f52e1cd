package io.groupmembership.node.admin;

import io.groupmembership.node.api.ProblemException;
import io.groupmembership.node.api.Problems;
import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.Names;
import io.groupmembership.protocol.api.ConfigurationRequest;
import io.groupmembership.protocol.api.RaftState.Peer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a request to change the configuration must look like; whether the change is safe is for the node to say. A
 * peerId is a nodeId, a dot and the UUID of a volume.
 */
final class ConfigurationValidation {
    /** More than any cluster is changed to at once: 7 nodes, and 7 that take their places. */
    static final int MOST_PEERS = 16;

    private static final int UUID_CHARACTERS = 36;

    private ConfigurationValidation() {}

    /** A configuration that was checked. */
    record Change(Optional<List<String>> expectedPeerIds, List<Peer> peers) {}

    static Change change(ConfigurationRequest request) {
        return new Change(expected(request.expected()), peers(request.peers()));
    }

    private static Optional<List<String>> expected(@Nullable List<@Nullable String> expected) {
        if (expected == null) {
            return Optional.empty();
        }
        bounded("expected", expected.size());
        List<String> peerIds = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            peerIds.add(peerId("expected[" + i + "]", expected.get(i)));
        }
        return Optional.of(List.copyOf(peerIds));
    }

    private static List<Peer> peers(@Nullable List<@Nullable Peer> peers) {
        if (peers == null) {
            throw Problems.invalidField("peers", "must be there");
        }
        bounded("peers", peers.size());
        List<Peer> checked = new ArrayList<>();
        Set<String> peerIds = new HashSet<>();
        for (int i = 0; i < peers.size(); i++) {
            String field = "peers[" + i + "]";
            Peer peer = peers.get(i);
            if (peer == null) {
                throw Problems.invalidField(field, "must not be null");
            }
            if (!peerIds.add(peerId(field + ".peerId", peer.peerId()))) {
                throw Problems.invalidField(field + ".peerId", "must not come twice");
            }
            address(field + ".address", peer.address());
            address(field + ".clientAddress", peer.clientAddress());
            address(field + ".adminAddress", peer.adminAddress());
            checked.add(peer);
        }
        return List.copyOf(checked);
    }

    private static void bounded(String field, int size) {
        if (size < 1 || size > MOST_PEERS) {
            throw Problems.invalidField(field, "must have 1 to " + MOST_PEERS + " peers, and has " + size);
        }
    }

    private static String peerId(String field, @Nullable String peerId) {
        if (peerId == null) {
            throw Problems.invalidField(field, "must be there");
        }
        int dot = peerId.length() - UUID_CHARACTERS - 1;
        if (dot < 1
                || peerId.charAt(dot) != '.'
                || Names.memberIdProblem(peerId.substring(0, dot)).isPresent()
                || !isUuid(peerId.substring(dot + 1))) {
            throw Problems.invalidField(field, "must be a nodeId, a dot and the UUID of a volume");
        }
        return peerId;
    }

    private static boolean isUuid(String text) {
        try {
            return UUID.fromString(text).toString().equalsIgnoreCase(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void address(String field, @Nullable String address) {
        if (address == null) {
            throw Problems.invalidField(field, "must be there");
        }
        try {
            HostPort.parse(address);
        } catch (IllegalArgumentException e) {
            throw invalid(field, e);
        }
    }

    private static ProblemException invalid(String field, IllegalArgumentException e) {
        return Problems.invalidField(field, String.valueOf(e.getMessage()));
    }
}
