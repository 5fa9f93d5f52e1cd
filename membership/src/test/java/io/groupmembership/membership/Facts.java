package io.groupmembership.membership;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Everything that a state says to the outside, results of requests apart. */
record Facts(
        List<GroupView> views,
        List<NodeRecord> nodes,
        List<ViewChange> history,
        List<RemovalRecord> removals,
        Map<String, String> entries,
        long joinCounter,
        long viewFloor) {
    static Facts of(MembershipState state) {
        List<ViewChange> history = new ArrayList<>();
        state.history().all().forEach(history::add);
        Map<String, String> entries = new TreeMap<>();
        state.store()
                .all()
                .forEach((key, entry) ->
                        entries.put(key, entry.version() + " " + HexFormat.of().formatHex(entry.value())));
        return new Facts(
                state.groups().stream()
                        .map(group -> state.view(group.group()).orElseThrow())
                        .toList(),
                state.nodes(),
                history,
                List.copyOf(state.removalRecords().all()),
                entries,
                state.joinCounter(),
                state.viewFloor());
    }
}
