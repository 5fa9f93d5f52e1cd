package io.groupmembership.crds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The resources as Fabric8's client reads and writes them. */
class ResourceTest {
    private final KubernetesSerialization serialization = new KubernetesSerialization(new ObjectMapper(), false);

    @Test
    void aResourceWithoutSpecAndStatusHasEmptyOnes() {
        GroupMembershipCluster cluster = serialization.unmarshal(
                "{\"apiVersion\":\"groupmembership.io/v1alpha1\",\"kind\":\"GroupMembershipCluster\",\"status\":null}",
                GroupMembershipCluster.class);
        Group group = serialization.unmarshal(
                "{\"apiVersion\":\"groupmembership.io/v1alpha1\",\"kind\":\"Group\",\"spec\":null}", Group.class);

        assertThat(cluster.getSpec()).isEqualTo(GroupMembershipClusterSpec.EMPTY);
        assertThat(cluster.getStatus()).isEqualTo(GroupMembershipClusterStatus.EMPTY);
        assertThat(group.getSpec()).isEqualTo(GroupSpec.EMPTY);
        assertThat(group.getStatus()).isEqualTo(GroupStatus.EMPTY);
    }

    @Test
    void whatANewerReleaseAddedIsIgnored() {
        GroupMembershipCluster cluster = serialization.unmarshal("""
                apiVersion: groupmembership.io/v1alpha1
                kind: GroupMembershipCluster
                spec: {replicas: 5, new: 1, storage: {new: 1}, heartbeat: {new: 1}, allowedNamespaces: {new: 1},
                       sidecar: {new: 1}, scheduling: {new: 1}, security: {new: 1}}
                status: {term: 4, new: 1, nodes: [{nodeId: a-0, ready: true, new: 1}]}
                """, GroupMembershipCluster.class);
        Group group = serialization.unmarshal("""
                apiVersion: groupmembership.io/v1alpha1
                kind: Group
                spec: {new: 1, clusterRef: {name: main, new: 1}}
                status: {view: 4, new: 1}
                """, Group.class);

        assertThat(cluster.getSpec().replicasOrDefault()).isEqualTo(5);
        assertThat(cluster.getStatus().term()).isEqualTo(4);
        assertThat(cluster.getStatus().nodes()).containsExactly(new NodeStatus("a-0", null, null, true, false));
        assertThat(group.getSpec().clusterRef()).isEqualTo(new ClusterRef("main", null));
        assertThat(group.getStatus().view()).isEqualTo(4);
    }

    @Test
    void aStatusIsReadAsItWasWritten() {
        Conditions.Finding finding =
                new Conditions.Finding(GroupStatus.READY, Conditions.Status.TRUE, "Synced", "It is.");
        Group group = Group.of("default", "payments", GroupSpec.EMPTY.withService("payments"));
        group.setStatus(GroupStatus.builder()
                .observedGeneration(2L)
                .conditions(Conditions.with(List.of(), finding, 2, Instant.EPOCH))
                .view(17L)
                .members(2)
                .leader("b")
                .memberIds(List.of("b", "a"))
                .changedAt(Instant.parse("2026-11-01T12:00:00Z"))
                .build());

        String json = serialization.asJson(group);

        assertThat(json).contains("\"changedAt\":\"2026-11-01T12:00:00Z\"");
        assertThat(serialization.unmarshal(json, Group.class)).isEqualTo(group);
        assertThat(group.getStatus().toBuilder().build()).isEqualTo(group.getStatus());
    }

    @Test
    void aBuilderBeginsWithWhatIsThere() {
        GroupMembershipClusterSpec spec = GroupMembershipClusterSpec.builder()
                .replicas(5)
                .heartbeat(new Heartbeat(null, 5))
                .build();

        assertThat(spec.toBuilder().build()).isEqualTo(spec);
        assertThat(spec.toBuilder().replicas(3).build().heartbeatOrDefault()).isEqualTo(new Heartbeat(5_000L, 5));
    }

    @Test
    void aGroupTakesFromItsClusterWhatItDoesNotSay() {
        GroupMembershipClusterSpec cluster = GroupMembershipClusterSpec.builder()
                .heartbeat(new Heartbeat(2_000L, null))
                .build();

        assertThat(GroupSpec.EMPTY.heartbeatIn(cluster)).isEqualTo(new Heartbeat(2_000L, 3));
        assertThat(GroupSpec.EMPTY.withHeartbeat(new Heartbeat(null, 5)).heartbeatIn(cluster))
                .isEqualTo(new Heartbeat(2_000L, 5));
    }
}
