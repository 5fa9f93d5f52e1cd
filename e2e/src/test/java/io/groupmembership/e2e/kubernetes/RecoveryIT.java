package io.groupmembership.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Condition;
import io.groupmembership.crds.ApiGroup;
import io.groupmembership.crds.GroupMembershipCluster;
import io.groupmembership.e2e.client.Group;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Two of three volumes are wiped: what docs/operations.md, Forced recovery, says to do, done word for word. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecoveryIT {
    /** Incarnations and views of the first recovery epoch are larger, those from before are smaller. */
    private static final long EPOCH_1 = 1L << 40;

    private final Namespace namespace = new Namespace("recovery");

    @BeforeAll
    void aClusterWithMembers() {
        namespace.apply(Manifests.cluster("demo", 3));
        namespace.awaitReady("demo", 3);
        namespace.apply(Manifests.deployment("shop", "payments", 3));
        namespace.awaitMembers("payments", 3);
    }

    @AfterAll
    void close() {
        namespace.close();
    }

    @Test
    void aMajorityOfVolumesIsLostAndAPersonNamesTheSurvivor() {
        Map<String, Long> before = Group.incarnations(namespace.view("demo", "payments"));
        namespace.kubectl("delete", "pvc", "data-demo-1", "data-demo-2", "--wait=false");
        namespace.kubectl("delete", "pod", "demo-1", "demo-2");

        namespace.await(
                "the operator refuses to go on by itself",
                () -> refusal().map(Condition::getReason).equals(Optional.of("MajorityLost")));
        assertThat(refusal().orElseThrow().getMessage()).contains("demo-1, demo-2", "Forced recovery");
        assertThat(epoch()).isZero();

        namespace.kubectl("annotate", "gmc/demo", "groupmembership.io/recover-from=demo-0");

        namespace.await("the cluster is of recovery epoch 1", () -> epoch() == 1);
        namespace.awaitReady("demo", 3);
        namespace.await("the wish is taken back", () -> !wished());
        assertThat(refusal()).isEmpty();

        JsonNode view = namespace.view("demo", "payments");
        assertThat(Group.incarnations(view)).isEqualTo(before);
        assertThat(view.get("view").asLong()).isGreaterThan(EPOCH_1);
        namespace.kubectl("scale", "deployment/shop", "--replicas=4");
        namespace.awaitMembers("payments", 4);
        Map<String, Long> after = Group.incarnations(namespace.view("demo", "payments"));
        assertThat(after).containsAllEntriesOf(before);
        after.keySet().removeAll(before.keySet());
        assertThat(after.values()).allMatch(incarnation -> incarnation > EPOCH_1);
    }

    private Optional<Condition> refusal() {
        return namespace.cluster("demo").getStatus().conditions().stream()
                .filter(condition -> condition.getType().equals("Refused")
                        && condition.getStatus().equals("True"))
                .findFirst();
    }

    private int epoch() {
        return Optional.ofNullable(namespace.cluster("demo").getStatus().recoveryEpoch())
                .orElse(0);
    }

    private boolean wished() {
        GroupMembershipCluster cluster = namespace.cluster("demo");
        return Optional.ofNullable(cluster.getMetadata().getAnnotations())
                .map(annotations -> annotations.containsKey(ApiGroup.RECOVER_FROM_ANNOTATION))
                .orElse(false);
    }
}
