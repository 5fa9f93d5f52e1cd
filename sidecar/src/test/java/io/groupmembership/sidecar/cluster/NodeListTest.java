package io.groupmembership.sidecar.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.protocol.HostPort;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NodeListTest {
    private static final List<HostPort> THREE =
            List.of(new HostPort("n", 1), new HostPort("n", 2), new HostPort("n", 3));

    @Test
    void theAgentsOfANodeThatDiesSpreadOverTheOthers() {
        Map<HostPort, Integer> first = new HashMap<>();
        Map<HostPort, Integer> afterTheFirstNodeDied = new HashMap<>();
        Random random = new Random(1);
        for (int agent = 0; agent < 3_000; agent++) {
            NodeList nodes = new NodeList(THREE, random);
            first.merge(nodes.current(), 1, Integer::sum);
            nodes.failed(THREE.getFirst());
            afterTheFirstNodeDied.merge(nodes.current(), 1, Integer::sum);
        }
        assertThat(first.values()).hasSize(3).allMatch(count -> count > 900 && count < 1_100);
        assertThat(afterTheFirstNodeDied)
                .containsOnlyKeys(THREE.get(1), THREE.get(2))
                .allSatisfy((node, count) -> assertThat(count).isBetween(1_400, 1_600));
    }

    @Test
    void aFailureThatWasReportedBeforeMovesNothing() {
        NodeList nodes = new NodeList(THREE, new Random(1));
        HostPort failed = nodes.current();
        nodes.failed(failed);
        HostPort next = nodes.current();
        nodes.failed(failed);
        assertThat(nodes.current()).isEqualTo(next);
        assertThat(nodes.inTurn()).startsWith(next).containsExactlyInAnyOrderElementsOf(THREE);
    }

    @Test
    void theOnlyNodeIsAskedAgain() {
        NodeList nodes = new NodeList(THREE.subList(0, 1), new Random(1));
        nodes.failed(THREE.getFirst());
        assertThat(nodes.current()).isEqualTo(THREE.getFirst());
    }
}
