package io.groupmembership.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.membership.Command.Joiner;
import io.groupmembership.membership.Command.Target;
import io.groupmembership.protocol.HeartbeatMode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** A replicated state under test: every command goes through the bytes of the log, and what it changed is recorded. */
public final class TestCluster implements EventSink {
    static final UUID ID = new UUID(1, 2);
    public static final GroupKey PAYMENTS = new GroupKey("default", "payments");
    public static final GroupKey ORDERS = new GroupKey("default", "orders");
    static final Evidence SILENCE =
            new Evidence(15_010, List.of(new Evidence.Probe("node-2", "udp", "no answer")), Map.of("lateMillis", 3L));

    final List<ViewChange> changes = new ArrayList<>();
    final List<Member> assigned = new ArrayList<>();
    final List<Member> revoked = new ArrayList<>();
    final List<Member> gone = new ArrayList<>();
    final List<String> ticks = new ArrayList<>();
    final List<NodeRecord> nodeChanges = new ArrayList<>();
    final List<GroupKey> forgotten = new ArrayList<>();
    private final long origin;
    private MembershipState state;
    private long sequence;
    private long clockMillis = 1_000_000;

    TestCluster() {
        this(new MembershipState(ID));
    }

    TestCluster(MembershipState state) {
        this.state = state;
        this.origin = 42;
    }

    public static TestCluster withNodes(int count) {
        TestCluster cluster = new TestCluster();
        for (int i = 1; i <= count; i++) {
            cluster.apply(nodeUp(i));
        }
        return cluster;
    }

    public MembershipState state() {
        return state;
    }

    TestCluster at(long millis) {
        clockMillis = millis;
        return this;
    }

    // ---- applying

    public Result apply(Command command) {
        return apply(new Request(Optional.empty(), command)).getFirst();
    }

    Result applyKeyed(long key, long fingerprint, Command command) {
        return apply(new Request(Optional.of(new Request.IdempotencyKey(key, ~key, fingerprint)), command))
                .getFirst();
    }

    List<Result> apply(Request... requests) {
        sequence++;
        return apply(new Batch(origin, sequence, sequence, Arrays.asList(requests)));
    }

    List<Result> apply(Batch batch) {
        return apply(new Entry("node-1", clockMillis, batch), state.appliedIndex() + 1);
    }

    List<Result> apply(Entry entry, long logIndex) {
        return state.apply(throughTheLog(entry), logIndex, this);
    }

    static Entry throughTheLog(Entry entry) {
        return EntryCodec.decode(bytes(entry));
    }

    static byte[] bytes(Entry entry) {
        byte[] stamp = EntryCodec.stamp(entry.leader(), entry.leaderMillis());
        byte[] batch = EntryCodec.encode(entry.batch());
        byte[] both = Arrays.copyOf(stamp, stamp.length + batch.length);
        System.arraycopy(batch, 0, both, stamp.length, batch.length);
        return both;
    }

    Result join(GroupKey group, MemberSpec spec) {
        return joins(group, spec).getFirst();
    }

    List<Result> joins(GroupKey group, MemberSpec... specs) {
        return ((Result.Joins) apply(joinCommand(group, specs))).results();
    }

    Result replace(GroupKey group, MemberSpec spec, long incarnation) {
        Joiner joiner = new Joiner(spec, OptionalLong.of(incarnation));
        return ((Result.Joins) apply(new Command.Join(group, List.of(joiner))))
                .results()
                .getFirst();
    }

    /** Lets another instance in: it names the living one, whose lease then runs out. Returns what its retry is told. */
    Result.Joined replaced(GroupKey group, MemberSpec spec) {
        long living = member(group, spec.memberId()).incarnation();
        assertThat(replace(group, spec, living)).isEqualTo(new Result.Revoked(living));
        assertThat(apply(ended(group, spec.memberId()))).isEqualTo(new Result.Removed(1));
        return (Result.Joined) join(group, spec);
    }

    /** Joins a member that must be let in, and returns its incarnation. */
    public long in(GroupKey group, MemberSpec spec) {
        return ((Result.Joined) join(group, spec)).incarnation();
    }

    // ---- making commands

    static Command.Join joinCommand(GroupKey group, MemberSpec... specs) {
        return new Command.Join(
                group,
                Arrays.stream(specs)
                        .map(spec -> new Joiner(spec, OptionalLong.empty()))
                        .toList());
    }

    public static MemberSpec agent(String memberId, long instance) {
        return spec(memberId, "10.0.0.1:7000", Optional.of(new UUID(7, instance)));
    }

    static MemberSpec plain(String memberId, String address) {
        return spec(memberId, address, Optional.empty());
    }

    private static MemberSpec spec(String memberId, String address, Optional<UUID> instance) {
        HeartbeatMode mode = instance.isPresent() ? HeartbeatMode.UDP : HeartbeatMode.TCP;
        return MemberSpec.of(memberId, address, mode, address, instance, Map.of());
    }

    static Command.Leave leave(GroupKey group, String memberId) {
        return new Command.Leave(group, memberId, OptionalLong.empty());
    }

    static Command.Leave leave(GroupKey group, String memberId, long incarnation) {
        return new Command.Leave(group, memberId, OptionalLong.of(incarnation));
    }

    /** The member's own word: it names its incarnation. */
    Command.Leave leaving(GroupKey group, String memberId) {
        return leave(group, memberId, member(group, memberId).incarnation());
    }

    public static Command.Revoke revoke(GroupKey group, String memberId) {
        return new Command.Revoke(group, memberId, OptionalLong.empty());
    }

    static Command.Revoke revoke(GroupKey group, String memberId, long incarnation) {
        return new Command.Revoke(group, memberId, OptionalLong.of(incarnation));
    }

    /** What the monitor of a revoked member says when the lease has run out. */
    public Command.Remove ended(GroupKey group, String memberId) {
        Member member = member(group, memberId);
        Revocation revocation = Objects.requireNonNull(member.revocation());
        return remove(new Target(
                group, memberId, member.incarnation(), member.assignmentEpoch(), revocation.reason(), Evidence.NONE));
    }

    public static Command.Remove remove(Target... targets) {
        return new Command.Remove(Arrays.asList(targets));
    }

    public static Target target(GroupKey group, Member member) {
        return new Target(
                group, member.memberId(), member.incarnation(), member.assignmentEpoch(), LeaveReason.CRASHED, SILENCE);
    }

    static Command.NodeUp nodeUp(int number) {
        return nodeUp(number, "http://127.0.0.1:770" + number);
    }

    static Command.NodeUp nodeUp(int number, String address) {
        String nodeId = "node-" + number;
        return new Command.NodeUp(
                nodeId, address, "127.0.0.1:773" + number, NodeRecord.hashKey(nodeId, address, "test"));
    }

    public Command.NodeDown nodeDown(int number) {
        String nodeId = "node-" + number;
        return new Command.NodeDown(nodeId, state.node(nodeId).orElseThrow().liveness());
    }

    static Command.Tick tick(Command.Beat... beats) {
        return new Command.Tick(Arrays.asList(beats));
    }

    static Command.Beat beat(int number, long bootId, long appliedIndex) {
        return new Command.Beat("node-" + number, bootId, 1_000 + bootId, appliedIndex);
    }

    static Command.Assign assign(Command.Assignment... assignments) {
        return new Command.Assign(Arrays.asList(assignments));
    }

    static Command.Assignment assignment(GroupKey group, Member member, int to, boolean heard) {
        return new Command.Assignment(
                group, member.memberId(), member.incarnation(), member.assignmentEpoch(), "node-" + to, heard);
    }

    static Command.PutPolicy maxMembers(GroupKey group, int maxMembers) {
        return new Command.PutPolicy(group, new GroupPolicy(5_000, 3, maxMembers));
    }

    // ---- reading

    public Member member(GroupKey group, String memberId) {
        return state.view(group).orElseThrow().members().stream()
                .filter(member -> member.memberId().equals(memberId))
                .findFirst()
                .orElseThrow();
    }

    List<String> ids(GroupKey group) {
        return state.view(group).orElseThrow().members().stream()
                .map(Member::memberId)
                .toList();
    }

    long view(GroupKey group) {
        return state.view(group).orElseThrow().view();
    }

    byte[] snapshot() {
        return snapshot(state);
    }

    static byte[] snapshot(MembershipState state) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Snapshot.write(state, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static MembershipState restore(byte[] snapshot) {
        try {
            return Snapshot.read(new ByteArrayInputStream(snapshot), snapshot.length, ID);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The cluster after every node went down and came back from its snapshot. */
    void restart() {
        state = restore(snapshot());
    }

    // ---- what was heard

    @Override
    public void viewChanged(ViewChange change) {
        changes.add(change);
    }

    @Override
    public void assigned(GroupKey group, Member member) {
        assigned.add(member);
    }

    @Override
    public void revoked(GroupKey group, Member member) {
        revoked.add(member);
    }

    @Override
    public void ticked(String nodeId, long nonce) {
        ticks.add(nodeId + " " + nonce);
    }

    @Override
    public void gone(GroupKey group, Member member) {
        gone.add(member);
    }

    @Override
    public void groupForgotten(GroupKey group) {
        forgotten.add(group);
    }

    @Override
    public void nodeChanged(NodeRecord node) {
        nodeChanges.add(node);
    }
}
