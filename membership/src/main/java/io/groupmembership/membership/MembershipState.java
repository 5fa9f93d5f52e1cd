package io.groupmembership.membership;

import io.groupmembership.membership.Command.Joiner;
import io.groupmembership.membership.Result.Refusal;
import io.groupmembership.protocol.Limits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;

/**
 * The replicated state: groups and their views, nodes, policies, removals, key-value entries, and the results that make
 * retries harmless.
 *
 * <p>It changes by {@link #apply} alone, one log entry after the other. What an entry does depends on nothing but the
 * state and the entry, so every node that has applied the same entries has the same state: uniform agreement on views
 * is agreement on the log. View numbers grow by one with each command that changes a group, and incarnations with each
 * join; neither is ever used twice.
 *
 * <p>Not thread-safe: whoever owns it lets readers in between two entries. What readers get is immutable.
 */
public final class MembershipState {
    /** Every number that is never used twice has the recovery epoch above this many bits of its own count. */
    static final int RECOVERY_EPOCH_SHIFT = 40;

    /** With the shift, numbers stay below 2^53, which every JSON reader can hold. */
    public static final int MAX_RECOVERY_EPOCH = (1 << 13) - 1;

    /** Why a member has to join again after a recovery. */
    private static final Evidence UNPROVEN = new Evidence(
            -1, List.of(new Evidence.Probe("recovery", "log", "the join was not known to be agreed on")), Map.of());

    /** The metadata in which an agent tells the UID of its pod. */
    private static final String POD_UID = "kubernetes.io/pod-uid";

    private final UUID clusterId;
    private long recoveryEpoch;
    private final TreeMap<GroupKey, GroupState> groups;
    private final NodeTable nodes;
    private final ChangeHistory history;
    private final RemovalRecords removals;
    private final BatchResults batchResults;
    private final RequestResults requestResults;
    private final KvStore store;
    private long joinCounter;
    private long viewFloor;
    private long appliedIndex;
    private int memberCount;

    /** The state of a cluster in which nothing has happened yet. */
    public MembershipState(UUID clusterId) {
        this(clusterId, 0, 0, 0, -1, new NodeTable(), new ChangeHistory(-1), new KvStore(0));
    }

    MembershipState(
            UUID clusterId,
            long recoveryEpoch,
            long joinCounter,
            long viewFloor,
            long appliedIndex,
            NodeTable nodes,
            ChangeHistory history,
            KvStore store) {
        this.clusterId = clusterId;
        this.recoveryEpoch = recoveryEpoch;
        this.joinCounter = joinCounter;
        this.viewFloor = viewFloor;
        this.appliedIndex = appliedIndex;
        this.nodes = nodes;
        this.history = history;
        this.store = store;
        this.groups = new TreeMap<>();
        this.removals = new RemovalRecords();
        this.batchResults = new BatchResults();
        this.requestResults = new RequestResults();
    }

    /**
     * Applies one log entry.
     *
     * @param logIndex larger than that of the entry before
     * @return one result for each request of the batch, in order
     */
    public List<Result> apply(Entry entry, long logIndex, EventSink events) {
        appliedIndex = logIndex;
        Batch batch = entry.batch();
        if (batch.requests().isEmpty()) {
            return List.of();
        }
        Optional<List<Result>> earlier = batchResults.earlier(batch);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        Context context = new Context(entry, logIndex, events);
        List<Result> results = new ArrayList<>(batch.requests().size());
        for (Request request : batch.requests()) {
            results.add(applyOnce(request, context));
        }
        results = List.copyOf(results);
        batchResults.remember(batch, results);
        return results;
    }

    /** What a command is applied with. */
    private record Context(Entry entry, long logIndex, EventSink events) {}

    private Result applyOnce(Request request, Context context) {
        if (request.idempotencyKey().isEmpty()) {
            return apply(request.command(), context);
        }
        Request.IdempotencyKey key = request.idempotencyKey().get();
        Optional<Result> earlier = requestResults.earlier(key);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        Result result = apply(request.command(), context);
        requestResults.remember(key, result);
        return result;
    }

    private Result apply(Command command, Context context) {
        return switch (command) {
            case Command.Join join -> join(join, context);
            case Command.Leave leave -> leave(leave, context);
            case Command.Remove remove -> remove(remove, context);
            case Command.PutPolicy put -> putPolicy(put, context);
            case Command.KvPut put -> store.put(put);
            case Command.KvDelete delete -> store.delete(delete);
            case Command.NodeUp up -> nodeUp(up, context);
            case Command.NodeDown down -> nodeDown(down, context);
            case Command.Recover recover -> recover(recover, context);
        };
    }

    // ---- members

    /** The view of one group that a command is about to make. */
    private final class NextView {
        private final GroupState group;
        private final Context context;
        private final long joinsBefore = numbered(joinCounter);
        private final List<Member> joined = new ArrayList<>();
        private final List<ViewChange.Left> left = new ArrayList<>();

        NextView(GroupState group, Context context) {
            this.group = group;
            this.context = context;
        }

        long number() {
            return group.view() + 1;
        }

        /** Says whether the member joins in this view, and is in none that anybody has seen. */
        boolean isNew(Member member) {
            return member.incarnation() > joinsBefore;
        }

        Member add(MemberSpec spec) {
            long incarnation = numbered(++joinCounter);
            memberCount++;
            int slot = MonitorAssignment.choose(MonitorAssignment.place(group.key(), spec), nodes, memberCount);
            nodes.addLoad(slot, 1);
            Member member = new Member(spec, incarnation, 1, slot);
            group.members().add(member);
            joined.add(member);
            context.events().assigned(group.key(), member);
            return member;
        }

        void remove(Member member, LeaveReason reason, Evidence evidence) {
            group.members().remove(member);
            memberCount--;
            nodes.addLoad(member.monitorSlot(), -1);
            left.add(new ViewChange.Left(member, reason));
            removals.add(new RemovalRecord(
                    group.key(),
                    member.memberId(),
                    member.incarnation(),
                    number(),
                    reason,
                    nodes.nodeId(member.monitorSlot()),
                    context.entry().leader(),
                    context.entry().leaderMillis(),
                    member.spec().instance(),
                    evidence));
            context.events().gone(group.key(), member);
        }

        void install() {
            if (joined.isEmpty() && left.isEmpty()) {
                return;
            }
            enter(group, context);
            group.advance(context.entry().leaderMillis(), context.logIndex());
            ViewChange change = new ViewChange(
                    numbered(context.logIndex()),
                    group.key(),
                    group.view(),
                    group.leader(),
                    List.copyOf(joined),
                    List.copyOf(left));
            history.add(change);
            context.events().viewChanged(change);
        }
    }

    /** Added, not combined bit by bit: should the count ever outgrow its bits, no number comes twice. */
    private long numbered(long count) {
        return (recoveryEpoch << RECOVERY_EPOCH_SHIFT) + count;
    }

    private Result join(Command.Join join, Context context) {
        Optional<GroupState> group = groupOrNew(join.group(), context);
        if (group.isEmpty()) {
            Result full = new Result.Refused(Refusal.TOO_MANY_GROUPS, Limits.GROUPS);
            return new Result.Joins(join.joiners().stream().map(joiner -> full).toList());
        }
        NextView next = new NextView(group.get(), context);
        List<Result> results = new ArrayList<>(join.joiners().size());
        for (Joiner joiner : join.joiners()) {
            results.add(joinOne(joiner, next));
        }
        next.install();
        return new Result.Joins(List.copyOf(results));
    }

    private Result joinOne(Joiner joiner, NextView next) {
        GroupState group = next.group;
        MemberSpec spec = joiner.spec();
        Member current = group.members().sameId(spec);
        if (current != null) {
            if (isSameJoin(current.spec(), spec)) {
                return joined(false, current, group, next.isNew(current) ? next.number() : group.view());
            }
            if (next.isNew(current) || !mayReplace(joiner, current)) {
                return new Result.Refused(Refusal.OTHER_INSTANCE, current.incarnation());
            }
            next.remove(current, LeaveReason.REPLACED, Evidence.NONE);
        } else {
            Optional<RemovalRecord> ended =
                    spec.hasAgent() ? removals.find(group.key(), spec.memberId(), spec.instance()) : Optional.empty();
            if (ended.isPresent()) {
                return new Result.Refused(Refusal.MEMBERSHIP_ENDED, ended.get().incarnation());
            }
            if (group.members().size() >= group.policy().maxMembers()) {
                return new Result.Refused(Refusal.GROUP_FULL, group.policy().maxMembers());
            }
        }
        return joined(true, next.add(spec), group, next.number());
    }

    /** Whoever names an incarnation means that one; who names none replaces no agent. */
    private static boolean mayReplace(Joiner joiner, Member current) {
        return joiner.replaces().isPresent()
                ? joiner.replaces().getAsLong() == current.incarnation() && !areTwoPods(joiner.spec(), current.spec())
                : !current.spec().hasAgent() && !joiner.spec().hasAgent();
    }

    /** A new pod under an old name proves nothing of the old pod: its machine may only be cut off. */
    private static boolean areTwoPods(MemberSpec joiner, MemberSpec current) {
        String pod = joiner.metadata().get(POD_UID);
        String currentPod = current.metadata().get(POD_UID);
        return pod != null && currentPod != null && !pod.equals(currentPod);
    }

    /** With an agent its instance tells; without one, the same words are the same join. */
    private static boolean isSameJoin(MemberSpec current, MemberSpec joiner) {
        return current.hasAgent() ? current.instance().equals(joiner.instance()) : current.equals(joiner);
    }

    private Result joined(boolean created, Member member, GroupState group, long view) {
        GroupPolicy policy = group.policy();
        return new Result.Joined(
                created,
                member.incarnation(),
                view,
                nodes.nodeId(member.monitorSlot()),
                policy.intervalMillis(),
                policy.misses());
    }

    private Result leave(Command.Leave leave, Context context) {
        GroupState group = groups.get(leave.group());
        Optional<Member> member =
                group == null ? Optional.empty() : group.members().find(leave.memberId());
        if (group == null || member.isEmpty()) {
            return new Result.Refused(Refusal.NOT_A_MEMBER, 0);
        }
        long incarnation = member.get().incarnation();
        if (leave.incarnation().isPresent() && leave.incarnation().getAsLong() != incarnation) {
            return new Result.Refused(Refusal.OTHER_INCARNATION, incarnation);
        }
        NextView next = new NextView(group, context);
        next.remove(member.get(), LeaveReason.LEFT, Evidence.NONE);
        next.install();
        return new Result.Left(incarnation, group.view());
    }

    private Result remove(Command.Remove remove, Context context) {
        Map<GroupKey, NextView> next = new LinkedHashMap<>();
        int removed = 0;
        for (Command.Target target : remove.targets()) {
            GroupState group = groups.get(target.group());
            Optional<Member> member = group == null
                    ? Optional.empty()
                    : group.members()
                            .find(target.memberId())
                            .filter(there -> there.incarnation() == target.incarnation()
                                    && there.assignmentEpoch() == target.assignmentEpoch());
            if (group != null && member.isPresent()) {
                next.computeIfAbsent(target.group(), key -> new NextView(group, context))
                        .remove(member.get(), target.reason(), target.evidence());
                removed++;
            }
        }
        next.values().forEach(NextView::install);
        return new Result.Removed(removed);
    }

    private Result putPolicy(Command.PutPolicy put, Context context) {
        Optional<GroupState> group = groupOrNew(put.group(), context);
        if (group.isEmpty()) {
            return new Result.Refused(Refusal.TOO_MANY_GROUPS, Limits.GROUPS);
        }
        enter(group.get(), context);
        // the default is no policy of a group's own: a group that has been set back to it may make room for others
        group.get().setOwnPolicy(Optional.of(put.policy()).filter(policy -> !policy.equals(GroupPolicy.DEFAULT)));
        context.events().policyChanged(put.group(), put.policy());
        return new Result.Done();
    }

    /** The group, or a new one that is not in the table yet; empty where the table has no room to make. */
    private Optional<GroupState> groupOrNew(GroupKey key, Context context) {
        GroupState group = groups.get(key);
        if (group != null) {
            return Optional.of(group);
        }
        if (groups.size() < Limits.GROUPS) {
            return Optional.of(newGroup(key, viewFloor, context));
        }
        return longestBlank().map(blank -> newGroup(key, Math.max(viewFloor, blank.view()), context));
    }

    private static GroupState newGroup(GroupKey key, long view, Context context) {
        return new GroupState(key, view, context.entry().leaderMillis(), context.logIndex());
    }

    private Optional<GroupState> longestBlank() {
        return groups.values().stream()
                .filter(GroupState::isBlank)
                .min(Comparator.comparingLong(GroupState::changedAtIndex).thenComparing(GroupState::key));
    }

    /**
     * Puts a new group into the table. Where the table is full, the blank group that has been so for longest makes
     * room; the floor keeps its view numbers from being used again.
     */
    private void enter(GroupState group, Context context) {
        if (groups.containsKey(group.key())) {
            return;
        }
        if (groups.size() >= Limits.GROUPS) {
            GroupState blank = longestBlank().orElseThrow();
            viewFloor = Math.max(viewFloor, blank.view());
            groups.remove(blank.key());
            context.events().groupForgotten(blank.key());
        }
        groups.put(group.key(), group);
    }

    // ---- nodes

    private Result nodeUp(Command.NodeUp up, Context context) {
        Optional<NodeRecord> known = nodes.find(up.nodeId());
        if (known.isEmpty() && nodes.slots() >= NodeTable.MAX_NODES) {
            return new Result.Refused(Refusal.TOO_MANY_NODES, NodeTable.MAX_NODES);
        }
        int slot = known.map(NodeRecord::slot).orElse(nodes.slots());
        int liveness = known.map(NodeRecord::liveness).orElse(0);
        boolean wasLive = known.map(NodeRecord::live).orElse(false);
        NodeRecord node = new NodeRecord(
                slot,
                up.nodeId(),
                up.address(),
                up.udpAddress(),
                up.hashKey(),
                true,
                wasLive ? liveness : liveness + 1,
                known.map(NodeRecord::members).orElse(0));
        if (known.isPresent() && known.get().equals(node)) {
            return new Result.Done();
        }
        nodes.put(node);
        context.events().nodeChanged(node);
        if (!wasLive) {
            reassign(context, (group, member) -> monitorWith(slot, group, member));
        }
        return new Result.Done();
    }

    /** The monitor of a member once this node is live: the node, where it scores higher and has room, or the old one. */
    private int monitorWith(int slot, GroupKey group, Member member) {
        int current = member.monitorSlot();
        long place = MonitorAssignment.place(group, member.spec());
        if (current == NodeTable.NO_NODE || !nodes.isLive(current)) {
            return MonitorAssignment.choose(place, nodes, memberCount);
        }
        boolean moves = nodes.load(slot) < MonitorAssignment.bound(memberCount, nodes.liveCount())
                && MonitorAssignment.prefers(place, nodes.place(slot), nodes.place(current));
        return moves ? slot : current;
    }

    private Result nodeDown(Command.NodeDown down, Context context) {
        Optional<NodeRecord> known = nodes.find(down.nodeId());
        if (known.isEmpty()) {
            return new Result.Refused(Refusal.UNKNOWN_NODE, 0);
        }
        NodeRecord node = known.get();
        if (!node.live() || node.liveness() != down.liveness()) {
            return new Result.Done();
        }
        if (nodes.liveCount() == 1) {
            return new Result.Refused(Refusal.LAST_LIVE_NODE, 0);
        }
        NodeRecord dead = new NodeRecord(
                node.slot(),
                node.nodeId(),
                node.address(),
                node.udpAddress(),
                node.hashKey(),
                false,
                node.liveness(),
                node.members());
        nodes.put(dead);
        context.events().nodeChanged(dead);
        reassign(
                context,
                (group, member) -> member.monitorSlot() == dead.slot()
                        ? MonitorAssignment.choose(MonitorAssignment.place(group, member.spec()), nodes, memberCount)
                        : member.monitorSlot());
        return new Result.Done();
    }

    /**
     * What the lost majority had agreed on and this state lacks can't be known; so every number from now on is larger
     * than any that it can have given out. Members stay, but for those whose joins were perhaps never agreed on: their
     * incarnations may be others' too.
     */
    private Result recover(Command.Recover recover, Context context) {
        if (recover.recoveryEpoch() <= recoveryEpoch) {
            return new Result.Done();
        }
        recoveryEpoch = recover.recoveryEpoch();
        long floor = numbered(0);
        viewFloor = Math.max(viewFloor, floor);
        store.raiseVersions(floor);
        history.forgetAll(floor);
        for (GroupState group : groups.values()) {
            group.raiseView(floor);
            NextView next = new NextView(group, context);
            for (Member member : group.members().toArray()) {
                if (member.incarnation() > recover.provenIncarnation()) {
                    next.remove(member, LeaveReason.EVICTED, UNPROVEN);
                }
            }
            next.install();
        }
        context.events().recovered();
        return new Result.Done();
    }

    /** Chooses the slot of a member's monitor. */
    private interface Monitors {
        int of(GroupKey group, Member member);
    }

    /** Gives another monitor to every member that must have one, in the order of groups and of joins. */
    private void reassign(Context context, Monitors monitors) {
        for (GroupState group : groups.values()) {
            for (Member member : group.members().toArray()) {
                int slot = monitors.of(group.key(), member);
                if (slot != member.monitorSlot()) {
                    nodes.addLoad(member.monitorSlot(), -1);
                    nodes.addLoad(slot, 1);
                    Member moved = member.assignedTo(slot);
                    group.members().replace(moved);
                    context.events().assigned(group.key(), moved);
                }
            }
        }
    }

    // ---- reading

    public UUID clusterId() {
        return clusterId;
    }

    /** How many times the cluster was recovered by force. */
    public long recoveryEpoch() {
        return recoveryEpoch;
    }

    /** The latest that was given to a joiner; no other is larger. */
    public long lastIncarnation() {
        return numbered(joinCounter);
    }

    /** The index of the last entry that was applied, -1 before the first. */
    public long appliedIndex() {
        return appliedIndex;
    }

    public int memberCount() {
        return memberCount;
    }

    public int groupCount() {
        return groups.size();
    }

    /** The current view; empty for a group that nobody ever joined, or that made room for another. */
    public Optional<GroupView> view(GroupKey key) {
        return Optional.ofNullable(groups.get(key))
                .map(group -> new GroupView(
                        key,
                        group.view(),
                        Collections.unmodifiableList(
                                Arrays.asList(group.members().toArray())),
                        group.policy(),
                        group.changedAtMillis()));
    }

    /** The number of the current view, 0 for a group that nobody ever joined. */
    public long viewNumber(GroupKey key) {
        return Optional.ofNullable(groups.get(key)).map(GroupState::view).orElse(0L);
    }

    public GroupPolicy policy(GroupKey key) {
        return Optional.ofNullable(groups.get(key)).map(GroupState::policy).orElse(GroupPolicy.DEFAULT);
    }

    /** Every group, by namespace and name. */
    public List<GroupView.Summary> groups() {
        return groups.values().stream()
                .map(group -> new GroupView.Summary(
                        group.key(), group.view(), group.members().size(), group.leader(), group.changedAtMillis()))
                .toList();
    }

    /** The changes that lead from a view to the current one; empty where the watcher has to start anew. */
    public Optional<List<ViewChange>> changesSince(GroupKey key, long view) {
        GroupState group = groups.get(key);
        return group == null ? Optional.empty() : history.since(key, view, group.view());
    }

    /** Where the newest change of all groups would be, as {@link ViewChange#position} counts. */
    public long position() {
        return numbered(appliedIndex);
    }

    /** The changes of all groups behind a position; empty where the watcher has to start anew. */
    public Optional<List<ViewChange>> changesSincePosition(long position) {
        return history.sincePosition(position, position());
    }

    public Optional<RemovalRecord> removal(GroupKey key, String memberId) {
        return removals.find(key, memberId);
    }

    public Optional<KvEntry> kv(String key) {
        return store.get(key);
    }

    public List<NodeRecord> nodes() {
        return nodes.all();
    }

    public Optional<NodeRecord> node(String nodeId) {
        return nodes.find(nodeId);
    }

    /** The nodeId of the node in a slot, empty for {@link NodeTable#NO_NODE}. */
    public String nodeIdOf(int monitorSlot) {
        return nodes.nodeId(monitorSlot);
    }

    /** Visits every member that the node in this slot monitors, in the order of groups and of joins. */
    public void forEachMonitoredBy(int slot, BiConsumer<GroupView.Summary, Member> visitor) {
        for (GroupState group : groups.values()) {
            GroupView.Summary summary = new GroupView.Summary(
                    group.key(), group.view(), group.members().size(), group.leader(), group.changedAtMillis());
            group.members().forEach(member -> {
                if (member.monitorSlot() == slot) {
                    visitor.accept(summary, member);
                }
            });
        }
    }

    // ---- for the snapshot

    long joinCounter() {
        return joinCounter;
    }

    long viewFloor() {
        return viewFloor;
    }

    Iterable<GroupState> groupStates() {
        return groups.values();
    }

    void restore(GroupState group) {
        groups.put(group.key(), group);
        memberCount += group.members().size();
        group.members().forEach(member -> nodes.addLoad(member.monitorSlot(), 1));
    }

    /** Who has this memberId in the group now. */
    public Optional<Member> member(GroupKey key, String memberId) {
        GroupState group = groups.get(key);
        return group == null ? Optional.empty() : group.members().find(memberId);
    }

    Optional<Member> living(GroupKey key, long incarnation) {
        return Optional.ofNullable(groups.get(key))
                .flatMap(group -> group.members().byIncarnation(incarnation));
    }

    NodeTable nodeTable() {
        return nodes;
    }

    ChangeHistory history() {
        return history;
    }

    RemovalRecords removalRecords() {
        return removals;
    }

    BatchResults batchResults() {
        return batchResults;
    }

    RequestResults requestResults() {
        return requestResults;
    }

    KvStore store() {
        return store;
    }
}
