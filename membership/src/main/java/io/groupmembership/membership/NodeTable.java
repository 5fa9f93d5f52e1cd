package io.groupmembership.membership;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The nodes that have ever registered, by slot, with the number of members that each monitors. */
final class NodeTable {
    static final int NO_NODE = -1;

    /** More than a cluster will ever register: 7 nodes and their replacements. */
    static final int MAX_NODES = 1_000;

    private final List<NodeRecord> records = new ArrayList<>();
    private long[] places = new long[8];
    private int[] loads = new int[8];
    private int liveCount;
    private long movedIndex = -1;

    int slots() {
        return records.size();
    }

    /** The index of the last log entry by which a member got another monitor, as far as this process knows. */
    long movedIndex() {
        return movedIndex;
    }

    void movedAt(long logIndex) {
        movedIndex = Math.max(movedIndex, logIndex);
    }

    int liveCount() {
        return liveCount;
    }

    boolean isLive(int slot) {
        return records.get(slot).live();
    }

    int load(int slot) {
        return loads[slot];
    }

    long place(int slot) {
        return places[slot];
    }

    String nodeId(int slot) {
        return slot == NO_NODE ? "" : records.get(slot).nodeId();
    }

    void addLoad(int slot, int members) {
        if (slot != NO_NODE) {
            loads[slot] += members;
        }
    }

    Optional<NodeRecord> find(String nodeId) {
        for (NodeRecord node : records) {
            if (node.nodeId().equals(nodeId)) {
                return Optional.of(node.withMembers(loads[node.slot()]));
            }
        }
        return Optional.empty();
    }

    List<NodeRecord> all() {
        return records.stream()
                .map(node -> node.withMembers(loads[node.slot()]))
                .toList();
    }

    /** Puts a node in its slot: the next free one, or one that is taken. The load stays as it is. */
    void put(NodeRecord node) {
        int slot = node.slot();
        if (slot == records.size()) {
            records.add(node);
            if (slot == loads.length) {
                loads = Arrays.copyOf(loads, slot * 2);
                places = Arrays.copyOf(places, slot * 2);
            }
        } else {
            liveCount -= records.get(slot).live() ? 1 : 0;
            records.set(slot, node);
        }
        liveCount += node.live() ? 1 : 0;
        places[slot] = HexFormat.fromHexDigitsToLong(node.hashKey(), 0, 16);
    }
}
