package io.groupmembership.membership.simulation;

import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.LeaveReason;
import io.groupmembership.membership.Member;
import io.groupmembership.membership.SimulatedState;
import io.groupmembership.membership.ViewChange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;

/** The four properties, looked at whenever something happens that could break them. */
final class Checks {
    private static final int ON_THE_WAY = 4;

    private record View(GroupKey group, long number) {}

    private record Name(GroupKey group, String memberId) {}

    private record Wish(GroupKey group, String memberId, UUID instance) {}

    private final Simulation simulation;
    private final Map<View, String> views = new HashMap<>();
    private final Set<Wish> wishes = new HashSet<>();
    private final Map<Long, UUID> incarnations = new HashMap<>();
    private final Map<UUID, Long> instances = new HashMap<>();
    private final Set<Long> removed = new HashSet<>();
    private final Map<Long, List<Client>> holders = new HashMap<>();
    private int removals;
    private int falseRemovals;

    /** Is told of each removal, when the first node installs it. */
    BiConsumer<Member, ViewChange> whenLeft = (member, change) -> {};

    Checks(Simulation simulation) {
        this.simulation = simulation;
    }

    /** Who was removed as crashed. */
    int removals() {
        return removals;
    }

    /** Live members that were removed as crashed. */
    int falseRemovals() {
        return falseRemovals;
    }

    void asked(GroupKey group, String memberId, UUID instance) {
        wishes.add(new Wish(group, memberId, instance));
    }

    /** Validity, on the side of the joiner: nobody is given the membership of another. */
    void answered(long incarnation, UUID instance) {
        if (!instance.equals(incarnations.get(incarnation))) {
            throw new Violation("validity: " + instance + " was given incarnation " + incarnation
                    + ", which is that of " + incarnations.get(incarnation));
        }
    }

    /** A process holds the incarnation from now on; another may too, where that was broken. */
    void adopted(Client client) {
        holders.computeIfAbsent(client.heartbeat.incarnation(), incarnation -> new ArrayList<>())
                .add(client);
    }

    void installed(Node node, ViewChange change) {
        String content = describe(change);
        String before = views.putIfAbsent(new View(change.group(), change.view()), content);
        if (before != null) {
            if (!before.equals(content)) {
                throw new Violation("uniform agreement: " + node.nodeId + " installs view " + change.view() + " as "
                        + content + ", another node as " + before);
            }
            return;
        }
        simulation.world.tell(() ->
                change.group().name() + " view " + change.view() + ": " + content + " (" + node.nodeId + " is first)");
        change.joined().forEach(member -> joined(change.group(), member));
        change.left().forEach(left -> left(left.member(), left.reason(), change));
    }

    private static String describe(ViewChange change) {
        List<Long> joined = change.joined().stream().map(Member::incarnation).toList();
        List<String> left = change.left().stream()
                .map(gone -> gone.member().incarnation() + " " + gone.reason())
                .toList();
        return "joined " + joined + " left " + left + " leader " + change.leader();
    }

    private void joined(GroupKey group, Member member) {
        UUID instance = member.spec().instance().orElseThrow();
        if (!wishes.contains(new Wish(group, member.memberId(), instance))) {
            throw new Violation("validity: " + member.memberId() + " never asked to join " + group);
        }
        if (incarnations.put(member.incarnation(), instance) != null) {
            throw new Violation("validity: incarnation " + member.incarnation() + " was given twice");
        }
        if (instances.put(instance, member.incarnation()) != null) {
            throw new Violation("validity: " + member.memberId() + " came back as the same instance");
        }
    }

    private void left(Member member, LeaveReason reason, ViewChange change) {
        removed.add(member.incarnation());
        whenLeft.accept(member, change);
        if (reason == LeaveReason.CRASHED) {
            removals++;
        }
        for (Client client : holders.getOrDefault(member.incarnation(), List.of())) {
            if (client.heartbeat.incarnation() == member.incarnation()) {
                if (client.believes()) {
                    throw new Violation(
                            "accuracy: view " + change.view() + " is without " + client.name() + " incarnation "
                                    + member.incarnation() + " (" + reason + "), which believes to be in for another "
                                    + client.heartbeat.leftNanos(client.clockNow()) / World.MILLI + " ms");
                }
                if (reason == LeaveReason.CRASHED && client.runs() && client.wants) {
                    falseRemovals++;
                    if (simulation.isCalm()) {
                        throw new Violation(
                                "accuracy: " + client.name() + " lives, nothing is amiss, and it is removed");
                    }
                }
            }
        }
    }

    /** Accuracy, afterwards: nothing that arrives late may make a member believe again. */
    void touched(Client client) {
        if (removed.contains(client.heartbeat.incarnation()) && client.believes()) {
            throw new Violation("accuracy: " + client.name() + " incarnation " + client.heartbeat.incarnation()
                    + " has been removed, and believes again");
        }
    }

    /** What must be so when all has been well for long enough. */
    void complete() {
        Node judge = simulation.mostRecent().orElseThrow();
        byte[] state = SimulatedState.snapshot(judge.state);
        for (Node node : simulation.nodes()) {
            if (simulation.isLame(node)) {
                continue;
            }
            if (node.appliedTo < judge.appliedTo - ON_THE_WAY) {
                throw new Violation("completeness: " + node.nodeId + " has applied " + node.appliedTo + " of "
                        + judge.appliedTo + " entries");
            }
            if (node.appliedTo == judge.appliedTo) {
                if (!Arrays.equals(SimulatedState.snapshot(node.state), state)) {
                    throw new Violation("uniform agreement: " + node.nodeId + " has another state than " + judge.nodeId
                            + " after entry " + judge.appliedTo);
                }
                node.watchesWhatItShould();
            }
        }
        everybodyServed(judge);
    }

    /** Completeness: whoever is gone is out, and whoever asks is in and believes it. */
    private void everybodyServed(Node judge) {
        Map<Name, Boolean> served = new HashMap<>();
        for (Client client : simulation.clients()) {
            boolean in = judge.state
                    .member(client.group, client.memberId)
                    .filter(member -> member.spec().instance().orElseThrow().equals(client.instance))
                    .isPresent();
            if (client.alive && client.wants) {
                // where several want the same name, they replace each other, one after the other
                served.merge(
                        new Name(client.group, client.memberId),
                        in && (client.believes() || !client.hasLease()),
                        Boolean::logicalOr);
            } else if (in && (!client.alive || client.left)) {
                throw new Violation("completeness: " + client.name() + " is gone, and still in");
            }
        }
        served.forEach((name, well) -> {
            if (!well) {
                throw new Violation("completeness: " + name.memberId() + " asks to join, and is not in or is fenced");
            }
        });
    }
}
