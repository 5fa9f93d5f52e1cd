package io.groupmembership.membership.simulation;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.Member;
import io.groupmembership.membership.MemberSpec;
import io.groupmembership.membership.Result;
import io.groupmembership.protocol.HeartbeatMode;
import io.groupmembership.protocol.lease.MemberHeartbeat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.UUID;

/** The process of a member, with its agent: it wants to be in until it leaves, dies, or another takes its place. */
final class Client extends Actor {
    private static final int PORT = 1_000;

    /** What tells it from all others, whatever else happens. */
    final long number;

    final GroupKey group;
    final String memberId;
    private final HeartbeatMode mode;
    final MemberHeartbeat heartbeat;
    private final Simulation simulation;
    private final World world;
    private final SplittableRandom random;
    UUID instance;

    /** Whether it still wants to be in. */
    boolean wants = true;

    /** Whether it has said that it leaves. */
    boolean left;

    private OptionalLong replaces = OptionalLong.empty();
    private int asking;
    private long lastAck;
    private long quietNanos;

    Client(Simulation simulation, int place, long number, GroupKey group, String memberId, Clock clock) {
        super(place, clock);
        this.number = number;
        this.random = new SplittableRandom(number);
        this.mode = random.nextInt(10) == 0 ? HeartbeatMode.TCP : HeartbeatMode.UDP;
        this.simulation = simulation;
        this.world = simulation.world;
        this.group = group;
        this.memberId = memberId;
        this.heartbeat = simulation.parts.memberHeartbeat(this::clockNow);
        this.instance = new UUID(random.nextLong(), random.nextLong());
    }

    long clockNow() {
        return clock.at(world.now());
    }

    boolean believes() {
        return alive && !left && hasLease() && heartbeat.isValid(clockNow());
    }

    /** Whether it is promised to be fenced before it is removed. One in ten is not. */
    boolean hasLease() {
        return mode == HeartbeatMode.UDP;
    }

    @Override
    String name() {
        return memberId + "@" + place;
    }

    // ---- joining

    void start() {
        join();
        world.timer(this, world.now() + World.SECOND, this::look);
    }

    private void join() {
        int attempt = ++asking;
        MemberSpec spec = MemberSpec.of(
                memberId, "h:" + (PORT + place), mode, "h:" + (PORT + place), Optional.of(instance), Map.of());
        UUID asked = instance;
        simulation.checks.asked(group, memberId, asked);
        simulation.request(
                this,
                new Command.Join(group, List.of(new Command.Joiner(spec, replaces))),
                result -> answered(
                        attempt, asked, ((Result.Joins) result).results().getFirst()));
        world.timer(this, world.now() + 2 * World.SECOND, () -> {
            if (asking == attempt && wants) {
                join();
            }
        });
    }

    private void answered(int attempt, UUID asked, Result result) {
        if (!wants || !asked.equals(instance)) {
            return;
        }
        switch (result) {
            case Result.Joined in -> {
                simulation.checks.answered(in.incarnation(), asked);
                if (heartbeat.adopt(in.incarnation())) {
                    simulation.checks.adopted(this);
                    quietNanos = clockNow();
                }
                if (attempt == asking) {
                    asking++;
                }
            }
            case Result.Refused refused -> {
                switch (refused.reason()) {
                    case OTHER_INSTANCE -> {
                        if (heartbeat.incarnation() > 0 && refused.number() > heartbeat.incarnation()) {
                            giveWay();
                        } else {
                            replaces = OptionalLong.of(refused.number());
                        }
                    }
                    case MEMBERSHIP_ENDED -> anew();
                    default -> {}
                }
            }
            default -> {}
        }
    }

    private void giveWay() {
        wants = false;
        heartbeat.end();
    }

    private void anew() {
        heartbeat.end();
        instance = new UUID(random.nextLong(), random.nextLong());
        replaces = OptionalLong.empty();
        join();
    }

    /** Now and then it looks whether it is still in; a member that is fenced for long asks by joining again. */
    private void look() {
        world.timer(this, world.now() + World.SECOND, this::look);
        if (!wants || heartbeat.incarnation() == 0) {
            return;
        }
        if (heartbeat.isValid(clockNow())) {
            quietNanos = clockNow();
        } else if (clockNow() - quietNanos > 3 * World.SECOND) {
            quietNanos = clockNow();
            join();
        }
    }

    /** Its process ends well: it says that it goes, and believes in nothing from then on. */
    void leave() {
        wants = false;
        long incarnation = heartbeat.incarnation();
        heartbeat.end();
        left = true;
        Command goodbye = incarnation > 0 && random.nextBoolean()
                ? new Command.Leave(group, memberId, OptionalLong.of(incarnation))
                : new Command.Withdraw(group, memberId, instance);
        simulation.request(this, goodbye, result -> {});
        world.timer(this, world.now() + World.SECOND, () -> simulation.request(this, goodbye, result -> {}));
    }

    // ---- heartbeats

    void pinged(Node monitor, long incarnation, int epoch, long sequence, long repeatNanos) {
        acknowledge(
                monitor, incarnation, epoch, heartbeat.pinged(incarnation, epoch, sequence, repeatNanos, clockNow()));
        simulation.checks.touched(this);
    }

    private void acknowledge(Node monitor, long incarnation, int epoch, long ack) {
        if (ack != MemberHeartbeat.NONE) {
            long sent = clockNow();
            simulation.toNodeByUdp(this, monitor, () -> monitor.heartbeats.acked(incarnation, epoch, ack, sent));
            lastAck = ack;
            repeatLater(monitor, incarnation, epoch);
        }
    }

    private void repeatLater(Node monitor, long incarnation, int epoch) {
        long ack = lastAck;
        if (heartbeat.awaitsConfirmation()) {
            world.timer(this, clock.trueTimeOf(heartbeat.repeatDueNanos()) + 1, () -> {
                if (lastAck == ack) {
                    acknowledge(monitor, incarnation, epoch, heartbeat.repeated(clockNow()));
                }
            });
        }
    }

    void probed(Node prober, long incarnation, Runnable answer) {
        if (heartbeat.probed(incarnation) != MemberHeartbeat.NONE) {
            simulation.toNodeByUdp(this, prober, answer);
        }
        simulation.checks.touched(this);
    }

    void confirmed(long incarnation, int epoch, long sequence, long ackSentNanos, long leaseNanos) {
        heartbeat.confirmed(incarnation, epoch, sequence, ackSentNanos, leaseNanos, clockNow());
        simulation.checks.touched(this);
    }

    /** In whose place a member is, by the address that it gave. */
    static int placeOf(Member member) {
        return Integer.parseInt(
                        member.spec().address(), 2, member.spec().address().length(), 10)
                - PORT;
    }
}
