package io.groupmembership.operator.group;

import io.fabric8.kubernetes.api.model.Condition;
import io.groupmembership.crds.Conditions;
import io.groupmembership.crds.Conditions.Finding;
import io.groupmembership.crds.Conditions.Status;
import io.groupmembership.crds.GroupStatus;
import io.groupmembership.operator.group.GroupFacts.NamespaceVerdict;
import io.groupmembership.operator.group.GroupFacts.Reach;
import io.groupmembership.operator.group.follow.GroupSummary;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a group's object.
 *
 * <ul>
 *   <li>A group with members and without an object gets one that names its cluster, where the namespace allows it.
 *   <li>The object belongs to the cluster that it names. One that names none is claimed by the first cluster that has
 *       members in it. Another cluster's groups of the same name are not mirrored: the object's own cluster says so in
 *       the condition {@value #CONFLICT}.
 *   <li>Its status is what the nodes last said. While they can't be read it stays, and Synced turns false.
 *   <li>One that the operator created and nobody wrote is deleted when its group has been empty for {@link #EXPIRY}.
 * </ul>
 */
sealed interface GroupStatusDecision {
    /** For how long a group must be empty before an object that nobody wrote goes. */
    Duration EXPIRY = Duration.ofMinutes(10);

    /** Condition: other clusters have groups of the same name; it is there only while it holds. */
    String CONFLICT = "Conflict";

    /** Reason of conditions while nothing is known for certain. */
    String NODES_UNREACHABLE = "NodesUnreachable";

    record Create() implements GroupStatusDecision {}

    /** Write the cluster into an object that names none. */
    record Claim(GroupObject object) implements GroupStatusDecision {}

    /** @param idsAreKnown whether the status has the ids; else those that the object has are to stay */
    record PatchStatus(GroupObject object, GroupStatus status, boolean idsAreKnown) implements GroupStatusDecision {}

    record Delete(GroupObject object) implements GroupStatusDecision {}

    /** @param lookAgain when something may be due that no event tells */
    record Nothing(Optional<Instant> lookAgain) implements GroupStatusDecision {
        static final Nothing AT_ALL = new Nothing(Optional.empty());
    }

    /** The group has members and is not shown. */
    record NotMirrored(Reason reason) implements GroupStatusDecision {
        enum Reason {
            OTHER_CLUSTER,
            NAMESPACE_NOT_ALLOWED,
            NAMESPACE_MISSING
        }
    }

    static GroupStatusDecision of(GroupFacts facts) {
        boolean inhabited = facts.group().filter(group -> group.members() > 0).isPresent();
        if (facts.object().isEmpty()) {
            return inhabited ? creation(facts.namespace()) : Nothing.AT_ALL;
        }
        GroupObject object = facts.object().get();
        if (object.beingDeleted()) {
            return Nothing.AT_ALL;
        }
        if (object.cluster().isEmpty()) {
            return inhabited && facts.namespace() == NamespaceVerdict.ALLOWED ? new Claim(object) : Nothing.AT_ALL;
        }
        if (!object.cluster().get().equals(facts.cluster())) {
            return inhabited ? new NotMirrored(NotMirrored.Reason.OTHER_CLUSTER) : Nothing.AT_ALL;
        }
        return ofOwn(facts, object);
    }

    private static GroupStatusDecision creation(NamespaceVerdict namespace) {
        return switch (namespace) {
            case ALLOWED -> new Create();
            case NOT_ALLOWED -> new NotMirrored(NotMirrored.Reason.NAMESPACE_NOT_ALLOWED);
            case MISSING -> new NotMirrored(NotMirrored.Reason.NAMESPACE_MISSING);
        };
    }

    private static GroupStatusDecision ofOwn(GroupFacts facts, GroupObject object) {
        boolean unread = facts.group().isEmpty();
        boolean policyPending = facts.policy().isPending()
                && facts.namespace() == NamespaceVerdict.ALLOWED
                && told(object, GroupStatus.READY).isEmpty();
        if (facts.reach() != Reach.LOST && (unread || policyPending)) {
            // soon there is more to say
            return Nothing.AT_ALL;
        }
        GroupStatus status = status(facts, object);
        boolean same = status.toBuilder().memberIds(List.of()).build().equals(object.status())
                && (unread || GroupObject.hashOf(status.memberIds()) == object.memberIdsHash());
        Instant emptySince = object.status().changedAt();
        boolean expires = facts.group().filter(group -> group.members() == 0).isPresent()
                && facts.reach() == Reach.CONNECTED
                && object.isNobodys()
                && emptySince != null
                && same;
        if (!expires || emptySince == null) {
            return same ? Nothing.AT_ALL : new PatchStatus(object, status, !unread);
        }
        Instant end = emptySince.plus(EXPIRY);
        return facts.now().isBefore(end) ? new Nothing(Optional.of(end)) : new Delete(object);
    }

    private static GroupStatus status(GroupFacts facts, GroupObject object) {
        GroupStatus before = object.status();
        GroupStatus.Builder status =
                before.toBuilder().observedGeneration(object.generation()).conditions(conditions(facts, object));
        facts.group()
                .ifPresent(group -> status.view(group.view())
                        .members(group.members())
                        .leader(group.leader().orElse(null))
                        .memberIds(group.firstIds())
                        .changedAt(changedAt(object, group, facts.now())));
        return status.build();
    }

    /** The nodes' watch does not tell when a view changed: it is when the operator saw it, which is soon after. */
    private static @Nullable Instant changedAt(GroupObject object, GroupSummary group, Instant now) {
        Instant known = object.status().changedAt();
        boolean same = Objects.equals(object.status().view(), group.view())
                && Objects.equals(object.status().members(), group.members());
        boolean neverJoined = group.view() == 0 && known == null && !object.autoCreated();
        return (same && known != null) || neverJoined ? known : now.truncatedTo(ChronoUnit.SECONDS);
    }

    private static List<Condition> conditions(GroupFacts facts, GroupObject object) {
        List<Condition> conditions = object.status().conditions();
        conditions = with(conditions, Optional.of(ready(facts, object)), GroupStatus.READY, facts, object);
        conditions = with(conditions, Optional.of(synced(facts, object)), GroupStatus.SYNCED, facts, object);
        conditions = with(
                conditions, facts.binding().map(ServiceBinding::finding), GroupStatus.SERVICE_BOUND, facts, object);
        return with(conditions, conflict(facts), CONFLICT, facts, object);
    }

    private static List<Condition> with(
            List<Condition> conditions, Optional<Finding> finding, String type, GroupFacts facts, GroupObject object) {
        return finding.map(found -> Conditions.with(conditions, found, object.generation(), facts.now()))
                .orElseGet(() -> conditions.stream()
                        .filter(condition -> !condition.getType().equals(type))
                        .toList());
    }

    /** What the status says of the spec as it is. */
    private static Optional<Finding> told(GroupObject object, String type) {
        return Objects.equals(object.status().observedGeneration(), object.generation())
                ? Conditions.find(object.status().conditions(), type)
                        .map(condition -> new Finding(
                                type,
                                Status.valueOf(condition.getStatus().toUpperCase(Locale.ROOT)),
                                condition.getReason(),
                                condition.getMessage()))
                : Optional.empty();
    }

    private static Finding ready(GroupFacts facts, GroupObject object) {
        if (facts.namespace() != NamespaceVerdict.ALLOWED) {
            return new Finding(
                    GroupStatus.READY,
                    Status.FALSE,
                    "NamespaceNotAllowed",
                    "cluster " + facts.cluster() + " does not allow namespace "
                            + facts.key().namespace());
        }
        return switch (facts.policy()) {
            case PolicyState.InForce _ ->
                new Finding(GroupStatus.READY, Status.TRUE, "Kept", "cluster " + facts.cluster() + " keeps the group");
            case PolicyState.Refused(var policy, String detail) ->
                new Finding(GroupStatus.READY, Status.FALSE, "PolicyRefused", detail);
            case PolicyState.Unknown _, PolicyState.Unreachable _ ->
                told(object, GroupStatus.READY)
                        .orElseGet(() -> new Finding(
                                GroupStatus.READY,
                                Status.UNKNOWN,
                                NODES_UNREACHABLE,
                                "the nodes of cluster " + facts.cluster() + " have not answered yet"));
        };
    }

    private static Finding synced(GroupFacts facts, GroupObject object) {
        Finding upToDate = new Finding(GroupStatus.SYNCED, Status.TRUE, "UpToDate", "this is what the nodes say");
        if (facts.reach() == Reach.LOST) {
            return new Finding(
                    GroupStatus.SYNCED,
                    Status.FALSE,
                    NODES_UNREACHABLE,
                    "no node of cluster " + facts.cluster() + " serves its groups: this is what was last known");
        }
        return switch (facts.policy()) {
            case PolicyState.Refused(var policy, String detail) ->
                new Finding(GroupStatus.SYNCED, Status.FALSE, "PolicyRefused", detail);
            case PolicyState.InForce _ -> upToDate;
            case PolicyState.Unknown _, PolicyState.Unreachable _ ->
                told(object, GroupStatus.SYNCED)
                        .filter(finding -> !finding.reason().equals(NODES_UNREACHABLE))
                        .orElse(upToDate);
        };
    }

    private static Optional<Finding> conflict(GroupFacts facts) {
        if (facts.alsoIn().isEmpty()) {
            return Optional.empty();
        }
        String others = String.join(
                ", ", facts.alsoIn().stream().map(Object::toString).sorted().toList());
        return Optional.of(new Finding(
                CONFLICT,
                Status.TRUE,
                "AlsoInOtherCluster",
                "a group of this name has members in " + others + " too: it is another group, and not shown"));
    }
}
