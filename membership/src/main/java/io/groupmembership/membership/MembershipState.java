package io.groupmembership.membership;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;

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
    public static final int MAX_RECOVERY_EPOCH = Numbers.MAX_RECOVERY_EPOCH;

    private final UUID clusterId;
    private final Tables tables;
    private final MemberRules members;
    private final NodeRules nodes;
    private final RecoveryRule recovery;
    private final BatchResults batchResults = new BatchResults();
    private final RequestResults requestResults = new RequestResults();
    private long appliedIndex;

    /** The state of a cluster in which nothing has happened yet. */
    public MembershipState(UUID clusterId) {
        this(clusterId, Rules.USUAL);
    }

    MembershipState(UUID clusterId, Rules rules) {
        this(clusterId, 0, 0, 0, -1, new NodeTable(), new ChangeHistory(-1), new KvStore(0), rules);
    }

    /** The rules that a state goes by, made for its tables. */
    record Rules(Function<Tables, MemberRules> members, Function<Tables, NodeRules> nodes) {
        static final Rules USUAL = new Rules(MemberRules::new, NodeRules::new);
    }

    MembershipState(
            UUID clusterId,
            long recoveryEpoch,
            long joinCounter,
            long viewFloor,
            long appliedIndex,
            NodeTable nodeTable,
            ChangeHistory history,
            KvStore store,
            Rules rules) {
        this.clusterId = clusterId;
        this.appliedIndex = appliedIndex;
        this.tables = new Tables(
                new Numbers(recoveryEpoch, joinCounter),
                new GroupTable(viewFloor),
                nodeTable,
                history,
                new RemovalRecords(),
                store);
        this.members = rules.members().apply(tables);
        this.nodes = rules.nodes().apply(tables);
        this.recovery = new RecoveryRule(tables, batchResults, requestResults);
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
        Applying applying = new Applying(entry, logIndex, events);
        List<Result> results = new ArrayList<>(batch.requests().size());
        for (Request request : batch.requests()) {
            results.add(applyOnce(request, applying));
        }
        results = List.copyOf(results);
        batchResults.remember(batch, results);
        return results;
    }

    private Result applyOnce(Request request, Applying applying) {
        if (request.idempotencyKey().isEmpty()) {
            return apply(request.command(), applying);
        }
        Request.IdempotencyKey key = request.idempotencyKey().get();
        Optional<Result> earlier = requestResults.earlier(key);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        Result result = apply(request.command(), applying);
        if (!isPending(result)) {
            requestResults.remember(key, result);
        }
        return result;
    }

    /** A joiner that has to wait asks again, perhaps under the same key, and must hear how it goes on. */
    private static boolean isPending(Result result) {
        return result instanceof Result.Joins joins
                && joins.results().size() == 1
                && joins.results().getFirst() instanceof Result.Revoked;
    }

    private Result apply(Command command, Applying applying) {
        return switch (command) {
            case Command.Join join -> members.join(join, applying);
            case Command.Leave leave -> members.leave(leave, applying);
            case Command.Withdraw withdraw -> members.withdraw(withdraw, applying);
            case Command.Remove remove -> members.remove(remove, applying);
            case Command.PutPolicy put -> members.putPolicy(put, applying);
            case Command.KvPut put -> tables.store().put(put);
            case Command.KvDelete delete -> tables.store().delete(delete);
            case Command.NodeUp up -> nodes.nodeUp(up, applying);
            case Command.NodeDown down -> nodes.nodeDown(down, applying);
            case Command.Tick tick -> nodes.tick(tick, applying);
            case Command.Assign assign -> nodes.assign(assign, applying);
            case Command.Revoke revoke -> members.revoke(revoke, applying);
            case Command.Recover recover -> recovery.recover(recover, applying);
        };
    }

    // ---- reading

    public UUID clusterId() {
        return clusterId;
    }

    /** How many times the cluster was recovered by force. */
    public long recoveryEpoch() {
        return tables.numbers().recoveryEpoch();
    }

    /** The latest that was given to a joiner; no other is larger. */
    public long lastIncarnation() {
        return tables.numbers().lastIncarnation();
    }

    /** The index of the last entry that was applied, -1 before the first. */
    public long appliedIndex() {
        return appliedIndex;
    }

    public int memberCount() {
        return tables.groups().memberCount();
    }

    public int groupCount() {
        return tables.groups().size();
    }

    /** How many keys have a value. */
    public int keyCount() {
        return tables.store().size();
    }

    /** The current view; empty for a group that nobody ever joined, or that made room for another. */
    public Optional<GroupView> view(GroupKey key) {
        return tables.groups()
                .find(key)
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
        return tables.groups().find(key).map(GroupState::view).orElse(0L);
    }

    public GroupPolicy policy(GroupKey key) {
        return tables.groups().find(key).map(GroupState::policy).orElse(GroupPolicy.DEFAULT);
    }

    /** Every group, by namespace and name. */
    public List<GroupView.Summary> groups() {
        return tables.groups().all().stream()
                .map(group -> new GroupView.Summary(
                        group.key(), group.view(), group.members().size(), group.leader(), group.changedAtMillis()))
                .toList();
    }

    /** The changes that lead from a view to the current one; empty where the watcher has to start anew. */
    public Optional<List<ViewChange>> changesSince(GroupKey key, long view) {
        GroupState group = tables.groups().get(key);
        return group == null ? Optional.empty() : tables.history().since(key, view, group.view());
    }

    /** Where the newest change of all groups would be, as {@link ViewChange#position} counts. */
    public long position() {
        return tables.numbers().of(appliedIndex);
    }

    /** The changes of all groups behind a position; empty where the watcher has to start anew. */
    public Optional<List<ViewChange>> changesSincePosition(long position) {
        return tables.history().sincePosition(position, position());
    }

    public Optional<RemovalRecord> removal(GroupKey key, String memberId) {
        return tables.removals().find(key, memberId);
    }

    public Optional<KvEntry> kv(String key) {
        return tables.store().get(key);
    }

    public List<NodeRecord> nodes() {
        return tables.nodes().all();
    }

    public Optional<NodeRecord> node(String nodeId) {
        return tables.nodes().find(nodeId);
    }

    /** The nodeId of the node in a slot, empty for {@link NodeTable#NO_NODE}. */
    public String nodeIdOf(int monitorSlot) {
        return tables.nodes().nodeId(monitorSlot);
    }

    /** Grows whenever members have got other monitors; what was shown before it grew may be out of date. */
    public long assignmentGeneration() {
        return tables.nodes().movedIndex();
    }

    /** Visits every member that the node in this slot monitors, in the order of groups and of joins. */
    public void forEachMonitoredBy(int slot, BiConsumer<GroupView.Summary, Member> visitor) {
        for (GroupState group : tables.groups().all()) {
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
        return tables.numbers().joins();
    }

    long viewFloor() {
        return tables.groups().viewFloor();
    }

    Iterable<GroupState> groupStates() {
        return tables.groups().all();
    }

    void restore(GroupState group) {
        tables.groups().restore(group);
        group.members().forEach(member -> tables.nodes().addLoad(member.monitorSlot(), 1));
    }

    /** Who has this memberId in the group now. */
    public Optional<Member> member(GroupKey key, String memberId) {
        GroupState group = tables.groups().get(key);
        return group == null ? Optional.empty() : group.members().find(memberId);
    }

    Optional<Member> living(GroupKey key, long incarnation) {
        return tables.groups().find(key).flatMap(group -> group.members().byIncarnation(incarnation));
    }

    NodeTable nodeTable() {
        return tables.nodes();
    }

    ChangeHistory history() {
        return tables.history();
    }

    RemovalRecords removalRecords() {
        return tables.removals();
    }

    BatchResults batchResults() {
        return batchResults;
    }

    RequestResults requestResults() {
        return requestResults;
    }

    KvStore store() {
        return tables.store();
    }
}
