package io.groupmembership.protocol.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NodePortsTest {
    /** Clusters that exist have these in their files, their Services and their Raft configuration. */
    @Test
    void thePortsOfABaseNeverChange() {
        NodePorts ports = NodePorts.ofBase(7700);

        assertThat(ports).isEqualTo(new NodePorts(7700, 7710, 7720, 7730, 7740, 7750));
        assertThat(ports.of("a", "a.1", "h"))
                .isEqualTo(new ClusterFile.Node("a", "a.1", "h", 7700, 7710, 7720, 7730, 7740, 7750));
    }
}
