package io.groupmembership.membership;

import io.groupmembership.membership.Command.Joiner;
import io.groupmembership.membership.Command.Target;
import io.groupmembership.protocol.HeartbeatMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** One of everything that the formats have, to pin their bytes with. */
final class Formats {
    private Formats() {}

    static Entry entry() {
        GroupKey group = new GroupKey("default", "payments");
        MemberSpec agent = MemberSpec.of(
                "pod-1",
                "10.1.2.3:7000",
                HeartbeatMode.UDP,
                "10.1.2.3:7118",
                Optional.of(new UUID(0x0102030405060708L, 0x090A0B0C0D0E0F10L)),
                Map.of("zone", "eu-1", "größe", "XL"));
        MemberSpec plain =
                MemberSpec.of("db", "[::1]:5432", HeartbeatMode.HTTP, "[::1]:8080/health", Optional.empty(), Map.of());
        Evidence evidence = new Evidence(
                15_010,
                List.of(new Evidence.Probe("node-3", "udp", "no answer")),
                Map.of("lateMillis", 12L, "acks", -1L));
        List<Command> commands = List.of(
                new Command.NodeUp(
                        "node-1", "http://127.0.0.1:7701", "127.0.0.1:7731", "0123456789abcdef0123456789abcdef"),
                new Command.NodeUp(
                        "node-2", "http://127.0.0.1:7702", "127.0.0.1:7732", "fedcba9876543210fedcba9876543210"),
                new Command.Join(
                        group,
                        List.of(new Joiner(agent, OptionalLong.empty()), new Joiner(plain, OptionalLong.of(300)))),
                new Command.Leave(group, "db", OptionalLong.of(2)),
                new Command.Leave(group, "nobody", OptionalLong.empty()),
                new Command.Remove(List.of(new Target(group, "pod-1", 1, 1, LeaveReason.CRASHED, evidence))),
                new Command.Join(group, List.of(new Joiner(plain, OptionalLong.empty()))),
                new Command.PutPolicy(group, new GroupPolicy(1_000, 5, 200_000)),
                new Command.KvPut("default/a/b", new byte[] {1, 2, 3}, new KvCondition.Always()),
                new Command.KvPut("default/a/b", new byte[200], new KvCondition.VersionIs(1)),
                new Command.KvPut("default/c", new byte[0], new KvCondition.Absent()),
                new Command.KvPut("default/d", new byte[0], new KvCondition.Present()),
                new Command.KvDelete("default/c", new KvCondition.VersionIsNot(9)),
                new Command.NodeDown("node-2", 1),
                new Command.NodeDown("node-9", 70_000));
        return new Entry("node-1", 1_700_000_000_123L, new Batch(-5, 17, 16, requests(commands, 0)));
    }

    private static List<Request> requests(List<Command> commands, int firstKey) {
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < commands.size(); i++) {
            int key = firstKey + i;
            requests.add(new Request(
                    i % 2 == 0 ? Optional.empty() : Optional.of(new Request.IdempotencyKey(key, -key, 1_000 + key)),
                    commands.get(i)));
        }
        return List.copyOf(requests);
    }

    /** What came with leases; it goes on where {@link #entry} ends. */
    static Entry entryWithLeases() {
        GroupKey group = new GroupKey("default", "payments");
        List<Command> commands = List.of(
                new Command.Tick(List.of(
                        new Command.Beat("node-1", 0x1122334455667788L, -3, 4),
                        new Command.Beat("node-2", 99, Long.MIN_VALUE, 5),
                        new Command.Beat("node-9", 7, 7, 70_000))),
                new Command.Join(
                        group,
                        List.of(
                                new Joiner(agent("pod-2", 1), OptionalLong.empty()),
                                new Joiner(agent("pod-3", 1), OptionalLong.empty()))),
                new Command.Assign(List.of(
                        new Command.Assignment(group, "pod-2", 4, 1, "node-1", false),
                        new Command.Assignment(group, "pod-3", 5, 70_000, "node-2", true))),
                new Command.Join(group, List.of(new Joiner(agent("pod-2", 2), OptionalLong.of(4)))),
                new Command.Revoke(group, "pod-3", OptionalLong.empty()),
                new Command.Revoke(group, "pod-3", OptionalLong.of(300)),
                new Command.NodeDown("node-2", 2),
                new Command.Tick(List.of()));
        return new Entry("node-2", 1_700_000_000_456L, new Batch(-6, 1, 1, requests(commands, 100)));
    }

    static Entry entryWithWithdrawal() {
        Command withdraw = new Command.Withdraw(
                new GroupKey("default", "payments"), "pod-3", new UUID(0x0102030405060708L, 0x090A0B0C0D0E0F10L));
        return new Entry("node-2", 1_700_000_000_789L, new Batch(-7, 1, 1, requests(List.of(withdraw), 200)));
    }

    private static MemberSpec agent(String memberId, long instance) {
        return MemberSpec.of(
                memberId,
                "10.1.2.4:7000",
                HeartbeatMode.UDP,
                "10.1.2.4:7118",
                Optional.of(new UUID(3, instance)),
                Map.of("zone", "eu-2"));
    }

    static MembershipState state() {
        MembershipState state = new MembershipState(TestCluster.ID);
        List<Result> ignored = state.apply(entry(), 5, EventSink.NONE);
        return state;
    }

    static MembershipState stateWithLeases() {
        MembershipState state = state();
        List<Result> ignored = state.apply(entryWithLeases(), 6, EventSink.NONE);
        return state;
    }

    static List<Result> resultsWithLeases() {
        return List.of(
                new Result.Revoked(1L << 40),
                new Result.Joins(List.of(new Result.Revoked(-1), new Result.Joined(false, 7, 2, "node-1", 5_000, 3))));
    }

    static List<Result> allResults() {
        List<Result> results = results();
        results.addAll(resultsWithLeases());
        return results;
    }

    static List<Result> results() {
        List<Result> results = new ArrayList<>();
        for (Result.Refusal refusal : Result.Refusal.values()) {
            results.add(new Result.Refused(refusal, refusal.ordinal()));
        }
        results.add(new Result.Joins(List.of(
                new Result.Joined(true, 1L << 40, 2, "node-1", 5_000, 3),
                new Result.Refused(Result.Refusal.GROUP_FULL, 5))));
        results.add(new Result.Left(-1, Long.MAX_VALUE));
        results.add(new Result.Removed(70_000));
        results.add(new Result.Done());
        results.add(new Result.Written(9, true));
        return results;
    }
}
