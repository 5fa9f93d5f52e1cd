package io.groupmembership.operator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.groupmembership.crds.ApiGroup;
import io.groupmembership.crds.ClusterRef;
import io.groupmembership.crds.Conditions;
import io.groupmembership.crds.Group;
import io.groupmembership.crds.GroupSpec;
import io.groupmembership.crds.GroupStatus;
import io.groupmembership.operator.injection.ClusterKey;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class OrphanDecisionTest {
    private static final ClusterKey GONE = new ClusterKey("platform", "gone");
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private static Group group(boolean autoCreated, long generation, GroupSpec spec) {
        Group group = Group.of("shop", "orders", spec);
        group.setMetadata(new ObjectMetaBuilder(group.getMetadata())
                .withGeneration(generation)
                .withAnnotations(autoCreated ? Map.of(ApiGroup.AUTO_CREATED_ANNOTATION, "true") : Map.of())
                .build());
        return group;
    }

    private static final GroupSpec OF_GONE =
            GroupSpec.EMPTY.withClusterRef(new ClusterRef(GONE.name(), GONE.namespace()));

    private static OrphanDecision decide(Group group, Set<ClusterKey> existing) {
        return OrphanDecision.of(GroupObject.of(group), existing, NOW);
    }

    @Test
    void aGroupWhoseClusterIsThereIsLeftAlone() {
        assertThat(decide(group(true, 1, OF_GONE), Set.of(GONE))).isEqualTo(new OrphanDecision.Nothing());
        assertThat(decide(group(true, 1, GroupSpec.EMPTY), Set.of())).isEqualTo(new OrphanDecision.Nothing());
    }

    @Test
    void oneThatNobodyWroteGoes() {
        assertThat(decide(group(true, 1, OF_GONE), Set.of())).isInstanceOf(OrphanDecision.Delete.class);
    }

    @Test
    void ofOneThatAPersonWroteItIsSaidOnce() {
        for (Group group : new Group[] {group(true, 2, OF_GONE.withService("orders")), group(false, 1, OF_GONE)}) {
            OrphanDecision decision = decide(group, Set.of(new ClusterKey("platform", "other")));

            assertThat(decision).isInstanceOf(OrphanDecision.Tell.class);
            GroupStatus status = ((OrphanDecision.Tell) decision).status();
            assertThat(Conditions.holds(status.conditions(), GroupStatus.READY)).isFalse();
            assertThat(Conditions.find(status.conditions(), GroupStatus.SYNCED)
                            .orElseThrow()
                            .getReason())
                    .isEqualTo("ClusterNotFound");
            assertThat(status.conditions())
                    .hasSize(group.getSpec().service() == null ? 2 : 3)
                    .allMatch(condition -> condition.getStatus().equals("False"));
            group.setStatus(status);
            assertThat(decide(group, Set.of())).isEqualTo(new OrphanDecision.Nothing());
        }
    }
}
