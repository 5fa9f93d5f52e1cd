package io.groupmembership.membership;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What the state in a backup is as the beginning of another cluster.
 *
 * <p>Groups with their policies and view numbers, values and removal records are kept. Members are not: their leases
 * were lent by nodes of the other cluster, and their keys are of its secrets. Each has a removal record that says so. The
 * recovery epoch is a later one, so every number from now on is larger than any that the other cluster gave out after
 * the backup; every watcher starts anew, and values have new versions.
 */
public final class Restoration {
    /** Who removed the members: no node did. */
    public static final String COMMITTED_BY = "restore";

    private static final Evidence RESTORED = new Evidence(
            -1,
            List.of(new Evidence.Probe("restore", "backup", "a new cluster began from a backup: join again")),
            Map.of());

    private Restoration() {}

    /**
     * The state of the new cluster; the same arguments make the same state. The backup's is not to be used any more.
     *
     * @param clusterId of the new cluster
     * @param recoveryEpoch of the new cluster
     * @param atMillis when the new cluster was made, for people
     * @throws IllegalArgumentException where the epoch is not a later one, or the cluster the same
     */
    public static MembershipState of(MembershipState backup, UUID clusterId, long recoveryEpoch, long atMillis) {
        if (clusterId.equals(backup.clusterId())) {
            throw new IllegalArgumentException("the new cluster must have another id than " + clusterId);
        }
        if (recoveryEpoch <= backup.recoveryEpoch() || recoveryEpoch > MembershipState.MAX_RECOVERY_EPOCH) {
            throw new IllegalArgumentException("the recovery epoch must be " + (backup.recoveryEpoch() + 1) + " to "
                    + MembershipState.MAX_RECOVERY_EPOCH + ", not " + recoveryEpoch);
        }
        Numbers numbers = new Numbers(recoveryEpoch, backup.joinCounter());
        long floor = numbers.of(0);
        KvStore store = new KvStore(backup.store().lastVersion());
        backup.store().all().forEach(store::restore);
        store.raiseVersions(floor);
        MembershipState state = new MembershipState(
                clusterId,
                recoveryEpoch,
                backup.joinCounter(),
                Math.max(backup.viewFloor(), floor),
                backup.appliedIndex(),
                new NodeTable(),
                new ChangeHistory(numbers.of(backup.appliedIndex())),
                store,
                MembershipState.Rules.USUAL);
        backup.removalRecords().all().forEach(state.removalRecords()::add);
        for (GroupState group : backup.groupStates()) {
            state.restore(withoutMembers(group, floor, backup, atMillis));
            for (Member member : group.members().toArray()) {
                state.removalRecords().add(removal(group.key(), member, state, backup, atMillis));
            }
        }
        backup.requestResults().forgetUnproven(-1);
        backup.requestResults()
                .all()
                .forEach(stored -> state.requestResults()
                        .remember(
                                new Request.IdempotencyKey(
                                        stored.getKey().high(),
                                        stored.getKey().low(),
                                        stored.getValue().fingerprint()),
                                stored.getValue().result()));
        return state;
    }

    private static GroupState withoutMembers(GroupState before, long floor, MembershipState backup, long atMillis) {
        GroupState group =
                new GroupState(before.key(), before.view(), before.changedAtMillis(), before.changedAtIndex());
        group.setOwnPolicy(before.ownPolicy());
        group.raiseView(floor);
        if (before.members().size() > 0) {
            group.advance(atMillis, backup.appliedIndex());
        }
        return group;
    }

    private static RemovalRecord removal(
            GroupKey group, Member member, MembershipState state, MembershipState backup, long atMillis) {
        return new RemovalRecord(
                group,
                member.memberId(),
                member.incarnation(),
                state.viewNumber(group),
                LeaveReason.EVICTED,
                backup.nodeIdOf(member.monitorSlot()),
                COMMITTED_BY,
                atMillis,
                member.spec().instance(),
                RESTORED);
    }
}
