package io.groupmembership.operator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.groupmembership.crds.ApiGroup;
import io.groupmembership.crds.ClusterRef;
import io.groupmembership.crds.Conditions;
import io.groupmembership.crds.Group;
import io.groupmembership.crds.GroupSpec;
import io.groupmembership.crds.GroupStatus;
import io.groupmembership.operator.group.GroupFacts.NamespaceVerdict;
import io.groupmembership.operator.group.GroupFacts.Reach;
import io.groupmembership.operator.group.GroupStatusDecision.Claim;
import io.groupmembership.operator.group.GroupStatusDecision.Create;
import io.groupmembership.operator.group.GroupStatusDecision.Delete;
import io.groupmembership.operator.group.GroupStatusDecision.NotMirrored;
import io.groupmembership.operator.group.GroupStatusDecision.NotMirrored.Reason;
import io.groupmembership.operator.group.GroupStatusDecision.Nothing;
import io.groupmembership.operator.group.GroupStatusDecision.PatchStatus;
import io.groupmembership.operator.group.follow.GroupKey;
import io.groupmembership.operator.group.follow.GroupSummary;
import io.groupmembership.operator.injection.ClusterKey;
import io.groupmembership.protocol.api.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class GroupStatusDecisionTest {
    private static final ClusterKey CLUSTER = new ClusterKey("platform", "gm");
    private static final ClusterKey OTHER = new ClusterKey("other", "gm");
    private static final GroupKey KEY = new GroupKey("shop", "orders");
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final GroupSummary TWO = new GroupSummary(7, 2, List.of("a", "b"));
    private static final GroupSummary EMPTIED = new GroupSummary(8, 0, List.of());
    private static final PolicyState IN_FORCE = new PolicyState.InForce(new Policy(5_000L, 3, 100_000));

    /** A group with two members in a namespace that is allowed, with no object. */
    private final Facts facts = new Facts();

    private static final class Facts {
        private Optional<GroupSummary> group = Optional.of(TWO);
        private Reach reach = Reach.CONNECTED;
        private Optional<GroupObject> object = Optional.empty();
        private NamespaceVerdict namespace = NamespaceVerdict.ALLOWED;
        private PolicyState policy = IN_FORCE;
        private Optional<ServiceBinding> binding = Optional.empty();
        private List<ClusterKey> alsoIn = List.of();
        private Instant now = NOW;

        GroupStatusDecision decide() {
            return GroupStatusDecision.of(
                    new GroupFacts(CLUSTER, KEY, group, reach, object, namespace, policy, binding, alsoIn, now));
        }

        GroupStatus patched() {
            return ((PatchStatus) decide()).status();
        }

        /** What is decided is done, and seen. */
        void settle() {
            Group group =
                    object(object.orElseThrow().spec(), object.orElseThrow().autoCreated());
            group.getMetadata().setGeneration(object.orElseThrow().generation());
            group.setStatus(patched());
            object = Optional.of(GroupObject.of(group));
        }
    }

    private static Group object(GroupSpec spec, boolean autoCreated) {
        Group group = new Group();
        group.setMetadata(new ObjectMetaBuilder()
                .withNamespace(KEY.namespace())
                .withName(KEY.name())
                .withUid("u-1")
                .withResourceVersion("100")
                .withGeneration(1L)
                .withCreationTimestamp("2026-11-22T09:00:00Z")
                .withAnnotations(autoCreated ? Map.of(ApiGroup.AUTO_CREATED_ANNOTATION, "true") : Map.of())
                .build());
        group.setSpec(spec);
        return group;
    }

    private static Optional<GroupObject> of(ClusterKey cluster, boolean autoCreated) {
        GroupSpec spec = GroupSpec.EMPTY.withClusterRef(new ClusterRef(cluster.name(), cluster.namespace()));
        return Optional.of(GroupObject.of(object(spec, autoCreated)));
    }

    private static String reason(GroupStatus status, String type) {
        Condition condition = Conditions.find(status.conditions(), type).orElseThrow();
        return condition.getStatus() + " " + condition.getReason();
    }

    // ---- whether there is an object

    @Test
    void theFirstMemberMakesTheObjectAppear() {
        assertThat(facts.decide()).isEqualTo(new Create());
    }

    @Test
    void aGroupWithoutMembersOrThatIsNotKnownMakesNone() {
        for (Optional<GroupSummary> nobody :
                List.of(Optional.<GroupSummary>empty(), Optional.of(GroupSummary.NONE), Optional.of(EMPTIED))) {
            facts.group = nobody;
            assertThat(facts.decide()).isEqualTo(Nothing.AT_ALL);
        }
    }

    @Test
    void whereTheNamespaceIsNotAllowedOrIsNoneThereIsNoObject() {
        facts.namespace = NamespaceVerdict.NOT_ALLOWED;
        assertThat(facts.decide()).isEqualTo(new NotMirrored(Reason.NAMESPACE_NOT_ALLOWED));
        facts.namespace = NamespaceVerdict.MISSING;
        assertThat(facts.decide()).isEqualTo(new NotMirrored(Reason.NAMESPACE_MISSING));
    }

    @Test
    void anObjectThatNamesNoClusterIsClaimedByTheFirstThatHasMembers() {
        facts.object = Optional.of(GroupObject.of(object(GroupSpec.EMPTY, false)));
        assertThat(facts.decide()).isInstanceOf(Claim.class);

        facts.group = Optional.of(GroupSummary.NONE);
        assertThat(facts.decide()).isEqualTo(Nothing.AT_ALL);
        facts.group = Optional.of(TWO);
        facts.namespace = NamespaceVerdict.NOT_ALLOWED;
        assertThat(facts.decide()).isEqualTo(Nothing.AT_ALL);
    }

    @Test
    void theObjectOfAnotherClusterIsLeftAlone() {
        facts.object = of(OTHER, false);
        assertThat(facts.decide()).isEqualTo(new NotMirrored(Reason.OTHER_CLUSTER));

        facts.group = Optional.of(EMPTIED);
        assertThat(facts.decide()).isEqualTo(Nothing.AT_ALL);
    }

    @Test
    void aReferenceWithoutNamespaceMeansTheGroupsOwn() {
        GroupSpec spec = GroupSpec.EMPTY.withClusterRef(new ClusterRef("gm", null));

        assertThat(GroupObject.of(object(spec, false)).cluster()).contains(new ClusterKey("shop", "gm"));
    }

    // ---- what its status is

    @Test
    void theStatusIsWhatTheNodesSay() {
        facts.object = of(CLUSTER, true);

        GroupStatus status = facts.patched();

        assertThat(status.view()).isEqualTo(7);
        assertThat(status.members()).isEqualTo(2);
        assertThat(status.leader()).isEqualTo("a");
        assertThat(status.memberIds()).containsExactly("a", "b");
        assertThat(status.changedAt()).isEqualTo(NOW);
        assertThat(status.observedGeneration()).isEqualTo(1);
        assertThat(reason(status, GroupStatus.READY)).isEqualTo("True Kept");
        assertThat(reason(status, GroupStatus.SYNCED)).isEqualTo("True UpToDate");
        assertThat(Conditions.find(status.conditions(), GroupStatus.SERVICE_BOUND))
                .isEmpty();
    }

    @Test
    void theSameAgainIsNotWrittenAgain() {
        facts.object = of(CLUSTER, true);
        facts.settle();
        facts.now = NOW.plusSeconds(3_600);

        assertThat(facts.decide()).isEqualTo(Nothing.AT_ALL);
    }

    @Test
    void otherIdsWithTheSameCountAreAChange() {
        facts.object = of(CLUSTER, true);
        facts.settle();
        facts.group = Optional.of(new GroupSummary(7, 2, List.of("a", "c")));

        assertThat(facts.decide()).isInstanceOf(PatchStatus.class);
    }

    @Test
    void aNewViewChangesTheTimeAndAConditionAloneDoesNot() {
        facts.object = of(CLUSTER, true);
        facts.settle();
        facts.now = NOW.plusSeconds(60);
        facts.policy = new PolicyState.Refused(new Policy(1L, 1, 1), "misses must be 2 to 10");
        assertThat(facts.patched().changedAt()).isEqualTo(NOW);
        assertThat(reason(facts.patched(), GroupStatus.READY)).isEqualTo("False PolicyRefused");
        assertThat(reason(facts.patched(), GroupStatus.SYNCED)).isEqualTo("False PolicyRefused");

        facts.group = Optional.of(EMPTIED);
        assertThat(facts.patched().changedAt()).isEqualTo(NOW.plusSeconds(60));
        assertThat(facts.patched().leader()).isNull();
    }

    @Test
    void aGroupThatNobodyJoinedYetHasNoTimeOfChange() {
        facts.object = of(CLUSTER, false);
        facts.group = Optional.of(GroupSummary.NONE);

        assertThat(facts.patched().changedAt()).isNull();
        assertThat(facts.patched().members()).isZero();
        facts.settle();
        assertThat(facts.decide()).isEqualTo(Nothing.AT_ALL);
    }

    @Test
    void aNewObjectIsNotSpokenOfBeforeItsPolicyIsKnown() {
        facts.object = of(CLUSTER, false);
        for (PolicyState pending : List.of(new PolicyState.Unknown(), new PolicyState.Unreachable())) {
            facts.policy = pending;
            assertThat(facts.decide()).isEqualTo(Nothing.AT_ALL);
        }
    }

    @Test
    void whatWasSaidOfThePolicyStaysWhileTheOperatorAsksAgain() {
        facts.object = of(CLUSTER, false);
        facts.policy = new PolicyState.Refused(new Policy(1L, 1, 1), "no");
        facts.settle();
        facts.policy = new PolicyState.Unknown();
        facts.group = Optional.of(EMPTIED);

        assertThat(facts.patched().view()).isEqualTo(8);
        assertThat(reason(facts.patched(), GroupStatus.READY)).isEqualTo("False PolicyRefused");
        assertThat(reason(facts.patched(), GroupStatus.SYNCED)).isEqualTo("False PolicyRefused");
    }

    @Test
    void anInterruptionIsToldToNobodyAndALossIs() {
        facts.object = of(CLUSTER, false);
        facts.settle();
        facts.reach = Reach.INTERRUPTED;
        assertThat(facts.decide()).isEqualTo(Nothing.AT_ALL);

        facts.reach = Reach.LOST;
        GroupStatus status = facts.patched();
        assertThat(reason(status, GroupStatus.SYNCED)).isEqualTo("False NodesUnreachable");
        assertThat(reason(status, GroupStatus.READY)).isEqualTo("True Kept");
        assertThat(status.members()).as("what was last known stays").isEqualTo(2);
        facts.settle();

        facts.reach = Reach.CONNECTED;
        assertThat(reason(facts.patched(), GroupStatus.SYNCED)).isEqualTo("True UpToDate");
    }

    @Test
    void anOperatorThatHasNeverReadTheNodesKeepsTheViewThatIsThere() {
        facts.object = of(CLUSTER, false);
        facts.settle();
        facts.group = Optional.empty();
        facts.policy = new PolicyState.Unknown();
        facts.reach = Reach.INTERRUPTED;
        assertThat(facts.decide()).isEqualTo(Nothing.AT_ALL);

        facts.reach = Reach.LOST;
        PatchStatus patch = (PatchStatus) facts.decide();
        assertThat(patch.idsAreKnown()).isFalse();
        assertThat(patch.status().view()).isEqualTo(7);
        assertThat(reason(patch.status(), GroupStatus.SYNCED)).isEqualTo("False NodesUnreachable");
    }

    @Test
    void aNamespaceThatIsNotAllowedAnyMoreIsSaid() {
        facts.object = of(CLUSTER, false);
        facts.namespace = NamespaceVerdict.NOT_ALLOWED;
        facts.policy = new PolicyState.Unknown();

        assertThat(reason(facts.patched(), GroupStatus.READY)).isEqualTo("False NamespaceNotAllowed");
    }

    @Test
    void theServiceIsSpokenOfWhileTheGroupNamesOne() {
        facts.object = of(CLUSTER, false);
        facts.binding = Optional.of(ServiceBinding.refused("ServiceHasSelector", "it has"));
        assertThat(reason(facts.patched(), GroupStatus.SERVICE_BOUND)).isEqualTo("False ServiceHasSelector");
        facts.settle();

        facts.binding = Optional.empty();
        assertThat(Conditions.find(facts.patched().conditions(), GroupStatus.SERVICE_BOUND))
                .isEmpty();
    }

    @Test
    void aGroupOfTheSameNameInAnotherClusterIsAConflictWhileItIsThere() {
        facts.object = of(CLUSTER, false);
        facts.alsoIn = List.of(OTHER);
        assertThat(reason(facts.patched(), GroupStatusDecision.CONFLICT)).isEqualTo("True AlsoInOtherCluster");
        facts.settle();

        facts.alsoIn = List.of();
        assertThat(Conditions.find(facts.patched().conditions(), GroupStatusDecision.CONFLICT))
                .isEmpty();
    }

    // ---- when it goes

    private void givenAnEmptyGroup(boolean autoCreated) {
        facts.object = of(CLUSTER, autoCreated);
        facts.group = Optional.of(EMPTIED);
        facts.settle();
    }

    @Test
    void oneThatNobodyWroteGoesWhenItHasBeenEmptyForTenMinutes() {
        givenAnEmptyGroup(true);
        facts.now = NOW.plus(Duration.ofMinutes(10)).minusSeconds(1);
        assertThat(facts.decide()).isEqualTo(new Nothing(Optional.of(NOW.plus(Duration.ofMinutes(10)))));

        facts.now = NOW.plus(Duration.ofMinutes(10));
        assertThat(facts.decide()).isInstanceOf(Delete.class);
    }

    @Test
    void oneThatAPersonWroteStays() {
        givenAnEmptyGroup(false);
        facts.now = NOW.plus(Duration.ofDays(1));

        assertThat(facts.decide()).isEqualTo(Nothing.AT_ALL);
    }

    @Test
    void oneWhoseSpecWasWrittenSinceStays() {
        Group edited = object(
                GroupSpec.EMPTY
                        .withClusterRef(new ClusterRef(CLUSTER.name(), CLUSTER.namespace()))
                        .withMaxMembers(5),
                true);
        edited.getMetadata().setGeneration(2L);
        facts.object = Optional.of(GroupObject.of(edited));
        facts.group = Optional.of(EMPTIED);
        facts.settle();
        facts.now = NOW.plus(Duration.ofDays(1));

        assertThat(facts.decide()).isEqualTo(Nothing.AT_ALL);
    }

    @Test
    void noneGoesWhileTheNodesCantBeRead() {
        givenAnEmptyGroup(true);
        facts.now = NOW.plus(Duration.ofDays(1));

        facts.reach = Reach.INTERRUPTED;
        assertThat(facts.decide()).isEqualTo(Nothing.AT_ALL);
        facts.reach = Reach.LOST;
        assertThat(facts.decide()).isInstanceOf(PatchStatus.class);
        facts.settle();
        assertThat(facts.decide()).isEqualTo(Nothing.AT_ALL);
    }

    @Test
    void aGroupThatTheNodesHaveForgottenIsEmptyAndGoesInTime() {
        facts.object = of(CLUSTER, true);
        facts.settle();
        facts.group = Optional.of(GroupSummary.NONE);
        assertThat(facts.patched().members()).isZero();
        facts.settle();

        facts.now = NOW.plus(GroupStatusDecision.EXPIRY);
        assertThat(facts.decide()).isInstanceOf(Delete.class);
    }
}
