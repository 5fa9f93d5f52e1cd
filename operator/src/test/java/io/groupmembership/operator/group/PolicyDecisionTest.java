package io.groupmembership.operator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.crds.GroupMembershipClusterSpec;
import io.groupmembership.crds.GroupSpec;
import io.groupmembership.crds.Heartbeat;
import io.groupmembership.protocol.api.Policy;
import org.junit.jupiter.api.Test;

final class PolicyDecisionTest {
    private static final GroupMembershipClusterSpec PLAIN = GroupMembershipClusterSpec.EMPTY;
    private static final GroupMembershipClusterSpec FAST = GroupMembershipClusterSpec.builder()
            .heartbeat(new Heartbeat(1_000L, 4))
            .build();

    @Test
    void aSilentGroupHasItsClustersHeartbeat() {
        assertThat(PolicyDecision.wanted(GroupSpec.EMPTY, PLAIN)).isEqualTo(new Policy(5_000L, 3, 100_000));
        assertThat(PolicyDecision.wanted(GroupSpec.EMPTY, FAST)).isEqualTo(new Policy(1_000L, 4, 100_000));
    }

    @Test
    void whatTheGroupSaysGoesFirstFieldByField() {
        GroupSpec spec = GroupSpec.EMPTY.withHeartbeat(new Heartbeat(null, 7)).withMaxMembers(12);

        assertThat(PolicyDecision.wanted(spec, FAST)).isEqualTo(new Policy(1_000L, 7, 12));
    }

    @Test
    void onlyADifferenceIsPut() {
        Policy wanted = new Policy(1_000L, 4, 100_000);

        assertThat(PolicyDecision.of(wanted, new Policy(1_000L, 4, 100_000))).isEqualTo(new PolicyDecision.InForce());
        assertThat(PolicyDecision.of(wanted, new Policy(1_000L, 4, 99))).isEqualTo(new PolicyDecision.Put(wanted));
    }
}
