package io.groupmembership.operator.injection;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The annotations that keep a service mesh's proxy out of our way: heartbeats and probes come in on port 7118 from
 * nodes and the kubelet, which are in no mesh, and the agent must reach the nodes, on port 7700, before a proxy runs
 * and after it has ended.
 *
 * <p>Our port is appended to what the pod has. Linkerd lets a pod's annotation replace its namespace's, so that one is
 * carried over; Istio has them on pods only.
 */
final class MeshAnnotations {
    private record Entry(String key, int port, boolean ofNamespaceToo) {}

    private static final Entry[] ENTRIES = {
        new Entry("traffic.sidecar.istio.io/excludeInboundPorts", MemberPod.HEARTBEAT_PORT, false),
        new Entry("traffic.sidecar.istio.io/excludeOutboundPorts", MemberPod.NODE_PORT, false),
        new Entry("config.linkerd.io/skip-inbound-ports", MemberPod.HEARTBEAT_PORT, true),
        new Entry("config.linkerd.io/skip-outbound-ports", MemberPod.NODE_PORT, true),
    };

    private MeshAnnotations() {}

    /** The values to set; without those that are there already. */
    static Map<String, String> of(Map<String, String> podAnnotations, PodNamespace namespace) {
        Map<String, String> result = new TreeMap<>();
        for (Entry entry : ENTRIES) {
            String there = Optional.ofNullable(podAnnotations.get(entry.key))
                    .or(() -> Optional.ofNullable(
                            entry.ofNamespaceToo ? namespace.annotations().get(entry.key) : null))
                    .map(String::strip)
                    .orElse("");
            String port = String.valueOf(entry.port);
            if (!MemberPod.names(there).contains(port)) {
                result.put(entry.key, there.isEmpty() ? port : there + "," + port);
            }
        }
        return result;
    }
}
