package io.groupmembership.membership.simulation;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.GroupPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** A cluster in which all is well, but that members die: when each of them was out is what is looked at. */
final class CrashRun {
    private static final int MOST_MEMBERS = 12_000;
    private static final long JOINING_NANOS = 30 * World.SECOND;
    private static final long SETTLED_NANOS = 50 * World.SECOND;
    private static final long WAITED_NANOS = 60 * World.SECOND;

    private final DetectionStudy.Profile profile;
    private final Simulation simulation;
    private final World world;
    private final Random random;
    private final Map<Long, Long> crashedNanos = new HashMap<>();
    private final List<Long> tookMillis = new ArrayList<>();
    private final Map<GroupKey, Set<Long>> views = new HashMap<>();

    CrashRun(DetectionStudy.Profile profile, long seed) {
        this.profile = profile;
        this.random = new Random(seed);
        Plan plan = new Plan(seed, 3, false, profile.policy(), Plan.Ending.ALL_IS_WELL, List.of());
        this.simulation = new Simulation(plan, Parts.PRODUCTION, null, profile.timing(), MOST_MEMBERS);
        this.world = simulation.world;
        simulation.start();
        simulation.checks.whenLeft = (member, change) -> {
            Long crashed = crashedNanos.remove(member.incarnation());
            if (crashed != null) {
                tookMillis.add((world.now() - crashed) / World.MILLI);
                views.computeIfAbsent(change.group(), group -> new HashSet<>()).add(change.view());
            }
        };
    }

    long between(long low, long high) {
        return random.nextLong(low, high);
    }

    List<Client> some(List<Client> of, int count) {
        List<Client> shuffled = new ArrayList<>(of);
        Collections.shuffle(shuffled, random);
        return shuffled.subList(0, count);
    }

    /** Members that join one after the other; who they are is known when all is settled. */
    List<Client> join(GroupKey group, int count) {
        GroupPolicy policy = profile.policy();
        world.at(
                World.SECOND,
                () -> simulation.raft.propose(simulation.nodes().getFirst(), new Command.PutPolicy(group, policy)));
        List<Client> joined = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long number = random.nextLong();
            String memberId = "m" + i;
            world.at(
                    between(2 * World.SECOND, JOINING_NANOS),
                    () -> joined.add(
                            simulation.addClient(number, group, memberId).orElseThrow()));
        }
        return joined;
    }

    void settle() {
        world.runUntil(SETTLED_NANOS);
        long out = simulation.clients().stream()
                .filter(client -> client.heartbeat.incarnation() == 0)
                .count();
        if (out > 0) {
            throw new Violation("completeness: " + out + " members have not joined");
        }
    }

    void crashAt(long afterNanos, List<Client> victims, boolean evidence) {
        world.after(afterNanos, () -> {
            for (Client victim : List.copyOf(victims)) {
                crash(victim);
                if (evidence) {
                    simulation
                            .nodes()
                            .getFirst()
                            .hearsOfTheEnd(victim.group, victim.memberId, victim.heartbeat.incarnation());
                }
            }
        });
    }

    private void crash(Client victim) {
        crashedNanos.put(victim.heartbeat.incarnation(), world.now());
        victim.die();
    }

    /** A node that does not lead dies, together with all that it monitors. */
    void crashNodeAt(long afterNanos) {
        world.after(afterNanos, () -> {
            Node node = aFollower();
            simulation.clients().stream()
                    .filter(client -> isMonitoredBy(client, node))
                    .forEach(this::crash);
            node.crash(false);
        });
    }

    /**
     * A node that does not lead dies alone.
     *
     * @return how many of its members were fenced before another node had them, and how many it had
     */
    DetectionStudy.Fenced fencedByDeathOfNode() {
        List<Client> orphans = new ArrayList<>();
        Set<Client> fenced = new HashSet<>();
        world.after(between(0, 5 * World.SECOND), () -> {
            Node node = aFollower();
            simulation.clients().stream()
                    .filter(client -> client.hasLease() && isMonitoredBy(client, node))
                    .forEach(orphans::add);
            node.crash(false);
            lookAt(orphans, fenced);
        });
        world.runUntil(SETTLED_NANOS + WAITED_NANOS);
        return new DetectionStudy.Fenced(fenced.size(), orphans.size());
    }

    private void lookAt(List<Client> orphans, Set<Client> fenced) {
        orphans.stream().filter(client -> !client.believes()).forEach(fenced::add);
        world.after(10 * World.MILLI, () -> lookAt(orphans, fenced));
    }

    private Node aFollower() {
        return simulation
                .nodes()
                .get((simulation.log.leader + 1) % simulation.nodes().size());
    }

    private boolean isMonitoredBy(Client client, Node node) {
        return simulation.monitorOf(client).filter(monitor -> monitor == node).isPresent();
    }

    DetectionStudy.Times times() {
        world.runUntil(SETTLED_NANOS + WAITED_NANOS);
        int expected = tookMillis.size() + crashedNanos.size();
        Collections.sort(tookMillis);
        return new DetectionStudy.Times(
                tookMillis,
                expected,
                views.values().stream().mapToInt(Set::size).max().orElse(0));
    }
}
