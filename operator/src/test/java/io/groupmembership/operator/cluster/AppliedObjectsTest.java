package io.groupmembership.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class AppliedObjectsTest {
    private long now;
    private final AppliedObjects objects = new AppliedObjects(() -> now);

    private static StatefulSet set(int replicas, long generation) {
        return new StatefulSetBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("demo")
                .withGeneration(generation)
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .endSpec()
                .build();
    }

    private static StatefulSet wanted(int replicas) {
        StatefulSet set = set(replicas, 0);
        set.getMetadata().setGeneration(null);
        return set;
    }

    @Test
    void whatWasNeverAppliedIsDue() {
        assertThat(objects.isDue(wanted(3))).isTrue();
        assertThat(objects.isDue(wanted(3), set(3, 1))).isTrue();
    }

    @Test
    void theSameIsNotDueAgainForAWhile() {
        objects.applied(wanted(3), set(3, 1));
        assertThat(objects.isDue(wanted(3))).isFalse();
        assertThat(objects.isDue(wanted(3), set(3, 1))).isFalse();

        now += Duration.ofMinutes(1).toNanos();
        assertThat(objects.isDue(wanted(3))).isTrue();
        assertThat(objects.isDue(wanted(3), set(3, 1))).isTrue();
    }

    @Test
    void somethingElseIsDueAtOnce() {
        objects.applied(wanted(3), set(3, 1));

        assertThat(objects.isDue(wanted(5))).isTrue();
    }

    @Test
    void whatSomebodyElseHasChangedIsDueAtOnce() {
        objects.applied(wanted(3), set(3, 1));

        assertThat(objects.isDue(wanted(3), set(3, 2))).isTrue();
    }
}
