package io.groupmembership.operator.group;

import io.groupmembership.crds.Group;
import io.groupmembership.crds.GroupStatus;
import io.groupmembership.operator.group.GroupFacts.Reach;
import io.groupmembership.operator.group.WriteScheduler.Outcome;
import io.groupmembership.operator.group.WriteScheduler.Turn;
import io.groupmembership.operator.group.follow.ClusterFollower;
import io.groupmembership.operator.group.follow.GroupKey;
import io.groupmembership.operator.group.follow.GroupSummary;
import io.groupmembership.operator.injection.ClusterKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Carries out what {@link GroupStatusDecision} decides of a group. */
final class StatusWork implements WriteScheduler.Work<GroupKey> {
    private static final Logger LOG = Logger.getLogger(StatusWork.class);

    private final MirroredCluster cluster;
    private final GroupObjects objects;
    private final ClusterFollower follower;
    private final Supplier<Reach> reach;
    private final PolicyWork policies;
    private final SliceWork slices;
    private final GroupWriter writer;
    private final MirrorMetrics metrics;
    private final InstantSource clock;
    private final ConcurrentMap<GroupKey, GroupStatusDecision.NotMirrored.Reason> notMirrored =
            new ConcurrentHashMap<>();

    StatusWork(
            MirroredCluster cluster,
            GroupObjects objects,
            ClusterFollower follower,
            Supplier<Reach> reach,
            PolicyWork policies,
            SliceWork slices,
            GroupWriter writer,
            MirrorMetrics metrics,
            InstantSource clock) {
        this.cluster = cluster;
        this.objects = objects;
        this.follower = follower;
        this.reach = reach;
        this.policies = policies;
        this.slices = slices;
        this.writer = writer;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** How many groups have members and are not shown. */
    int notMirrored() {
        return notMirrored.size();
    }

    @Override
    public Turn decide(GroupKey key) {
        Instant now = clock.instant();
        GroupStatusDecision decision = GroupStatusDecision.of(facts(key, now));
        remember(key, decision);
        return switch (decision) {
            case GroupStatusDecision.Create() -> new Turn.Write(() -> create(key));
            case GroupStatusDecision.Claim(GroupObject object) -> new Turn.Write(() -> claim(object));
            case GroupStatusDecision.PatchStatus(GroupObject object, GroupStatus status, boolean idsAreKnown) ->
                new Turn.Write(() -> write(object, status, idsAreKnown));
            case GroupStatusDecision.Delete(GroupObject object) -> new Turn.Write(() -> delete(object));
            case GroupStatusDecision.Nothing(Optional<Instant> lookAgain) ->
                new Turn.Nothing(lookAgain.map(at -> Duration.between(now, at)));
            case GroupStatusDecision.NotMirrored(var reason) -> Turn.Nothing.AT_ALL;
        };
    }

    private GroupFacts facts(GroupKey key, Instant now) {
        Optional<GroupObject> object = objects.group(key);
        Optional<GroupSummary> group = follower.read(groups -> groups.isComplete()
                ? Optional.of(groups.summary(key, GroupStatus.MAX_MEMBER_IDS).orElse(GroupSummary.NONE))
                : Optional.empty());
        return new GroupFacts(
                cluster.key(),
                key,
                group,
                reach.get(),
                object,
                objects.verdict(key.namespace(), cluster.resource()),
                object.map(policies::state).orElseGet(PolicyState.Unknown::new),
                object.flatMap(slices::binding),
                List.copyOf(objects.alsoIn(key)),
                now);
    }

    private void remember(GroupKey key, GroupStatusDecision decision) {
        boolean elsewhere = false;
        if (decision instanceof GroupStatusDecision.NotMirrored(var reason)) {
            elsewhere = reason == GroupStatusDecision.NotMirrored.Reason.OTHER_CLUSTER;
            if (notMirrored.put(key, reason) != reason) {
                LOG.infof("group %s of %s is not shown: %s", key, cluster.key(), reason);
            }
        } else {
            notMirrored.remove(key);
        }
        objects.setAlsoIn(key, cluster.key(), elsewhere);
    }

    /** Forgets what other clusters' groups were told of this one's. */
    void withdraw() {
        ClusterKey own = cluster.key();
        notMirrored.keySet().forEach(key -> objects.setAlsoIn(key, own, false));
        notMirrored.clear();
    }

    private Outcome create(GroupKey key) {
        Optional<Group> created = metrics.counted("group-create", () -> writer.create(key, cluster.key()));
        created.ifPresent(objects.groups()::wrote);
        return created.isPresent() ? Outcome.DUE : Outcome.DONE;
    }

    private Outcome claim(GroupObject object) {
        objects.groups().wrote(metrics.counted("group-claim", () -> writer.claim(object, cluster.key())));
        return Outcome.DUE;
    }

    private Outcome write(GroupObject object, GroupStatus status, boolean idsAreKnown) {
        metrics.counted("group-status", () -> writer.applyStatus(object, status, idsAreKnown))
                .ifPresent(objects.groups()::wrote);
        return Outcome.DONE;
    }

    private Outcome delete(GroupObject object) {
        metrics.counted("group-delete", () -> {
            writer.delete(object);
            return true;
        });
        return Outcome.DONE;
    }
}
