package io.groupmembership.operator.group;

import io.groupmembership.crds.GroupSpec;
import io.groupmembership.operator.group.GroupFacts.NamespaceVerdict;
import io.groupmembership.operator.group.WriteScheduler.Outcome;
import io.groupmembership.operator.group.WriteScheduler.Turn;
import io.groupmembership.operator.group.follow.GroupKey;
import io.groupmembership.protocol.api.Policy;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/**
 * Brings policies to the nodes: of each {@code Group} object of this cluster, once for each change of its spec or of the
 * cluster's, and the cluster's own for one that was deleted.
 */
final class PolicyWork implements WriteScheduler.Work<GroupKey> {
    private final MirroredCluster cluster;
    private final GroupObjects objects;
    private final NodeApi nodes;
    private final MirrorMetrics metrics;
    private final Consumer<GroupKey> statusChanged;
    private final ConcurrentMap<GroupKey, PolicyState> states = new ConcurrentHashMap<>();
    private final Set<GroupKey> deleted = ConcurrentHashMap.newKeySet();

    PolicyWork(
            MirroredCluster cluster,
            GroupObjects objects,
            NodeApi nodes,
            MirrorMetrics metrics,
            Consumer<GroupKey> statusChanged) {
        this.cluster = cluster;
        this.objects = objects;
        this.nodes = nodes;
        this.metrics = metrics;
        this.statusChanged = statusChanged;
    }

    /** Of an object of this cluster. */
    PolicyState state(GroupObject object) {
        Policy wanted = PolicyDecision.wanted(object.spec(), cluster.spec());
        PolicyState state = states.getOrDefault(object.key(), new PolicyState.Unknown());
        return switch (state) {
            case PolicyState.InForce(Policy policy) when policy.equals(wanted) -> state;
            case PolicyState.Refused(Policy policy, String detail) when policy.equals(wanted) -> state;
            case PolicyState.Unreachable() -> state;
            case PolicyState.InForce _, PolicyState.Refused _, PolicyState.Unknown _ -> new PolicyState.Unknown();
        };
    }

    /** An object of this cluster was deleted. */
    void deleted(GroupKey key) {
        states.remove(key);
        deleted.add(key);
    }

    /** The nodes may have other policies than they said. */
    void forget() {
        states.clear();
    }

    @Override
    public Turn decide(GroupKey key) {
        Optional<GroupObject> object = objects.group(key);
        if (object.isPresent()) {
            GroupObject there = object.get();
            deleted.remove(key);
            boolean ours = there.cluster().equals(Optional.of(cluster.key())) && !there.beingDeleted();
            boolean allowed = objects.verdict(key.namespace(), cluster.resource()) == NamespaceVerdict.ALLOWED;
            return ours && allowed && !(state(there) instanceof PolicyState.InForce)
                    ? sync(key, there.spec())
                    : Turn.Nothing.AT_ALL;
        }
        return deleted.contains(key) ? sync(key, GroupSpec.EMPTY) : Turn.Nothing.AT_ALL;
    }

    private Turn sync(GroupKey key, GroupSpec spec) {
        Policy wanted = PolicyDecision.wanted(spec, cluster.spec());
        return new Turn.Write(() -> sync(key, wanted));
    }

    private Outcome sync(GroupKey key, Policy wanted) throws InterruptedException, IOException {
        NodeApi.Answer answer = nodes.policy(key);
        if (answer instanceof NodeApi.Answer.Is(Policy current)
                && PolicyDecision.of(wanted, current) instanceof PolicyDecision.Put(Policy put)) {
            answer = nodes.putPolicy(key, put);
            metrics.wrote("policy", answer instanceof NodeApi.Answer.Is);
        }
        PolicyState state = switch (answer) {
            case NodeApi.Answer.Is _ -> new PolicyState.InForce(wanted);
            case NodeApi.Answer.Refused(String detail) -> new PolicyState.Refused(wanted, detail);
            case NodeApi.Answer.Unreachable _ -> new PolicyState.Unreachable();
        };
        boolean done = state instanceof PolicyState.InForce;
        if (objects.group(key).isPresent()) {
            if (!state.equals(states.put(key, state))) {
                statusChanged.accept(key);
            }
        } else if (done) {
            deleted.remove(key);
        }
        return done ? Outcome.DONE : Outcome.FAILED;
    }
}
