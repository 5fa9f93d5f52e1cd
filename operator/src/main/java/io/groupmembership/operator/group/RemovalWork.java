package io.groupmembership.operator.group;

import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.groupmembership.crds.ApiGroup;
import io.groupmembership.operator.event.EventWriter;
import io.groupmembership.operator.group.WriteScheduler.Outcome;
import io.groupmembership.operator.group.WriteScheduler.Turn;
import io.groupmembership.operator.group.follow.Departure;
import io.groupmembership.operator.group.follow.GroupKey;
import io.groupmembership.protocol.api.Removal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Tells of removals by events of the {@code Group}. What comes while a group waits for its turn is one event; the nodes
 * are asked for the evidence of those alone whom it names. An event that can't be written is lost, and so is what
 * happened while nobody followed the nodes: {@code gm explain} knows it still.
 *
 * <p>Pods get none: a machine that is lost would be as many events as it had pods.
 */
final class RemovalWork implements WriteScheduler.Work<GroupKey> {
    private final MirroredCluster cluster;
    private final GroupObjects objects;
    private final NodeApi nodes;
    private final EventWriter events;
    private final ConcurrentMap<GroupKey, RemovalNews> untold = new ConcurrentHashMap<>();

    RemovalWork(MirroredCluster cluster, GroupObjects objects, NodeApi nodes, EventWriter events) {
        this.cluster = cluster;
        this.objects = objects;
        this.nodes = nodes;
        this.events = events;
    }

    /** Whether there is something to tell. */
    boolean departed(GroupKey group, long view, List<Departure> departures) {
        Optional<RemovalNews> news = RemovalNews.of(view, departures);
        news.ifPresent(some -> untold.merge(group, some, RemovalNews::and));
        return news.isPresent();
    }

    @Override
    public Turn decide(GroupKey key) {
        Optional<GroupObject> object =
                objects.group(key).filter(group -> group.cluster().equals(Optional.of(cluster.key())));
        if (object.isEmpty()) {
            untold.remove(key);
            return Turn.Nothing.AT_ALL;
        }
        return untold.containsKey(key) ? new Turn.Write(() -> tell(object.get())) : Turn.Nothing.AT_ALL;
    }

    private Outcome tell(GroupObject group) throws InterruptedException {
        RemovalNews news = untold.remove(group.key());
        if (news != null) {
            RemovalMessage message = RemovalMessage.of(news, evidence(group.key(), news.first()));
            events.write(reference(group), message.type(), "Remove", message.reason(), message.text());
        }
        return Outcome.DONE;
    }

    /** Not that of a later removal under the same id. */
    private Map<Departure, Removal> evidence(GroupKey group, List<Departure> departures) throws InterruptedException {
        Map<Departure, Removal> evidence = new HashMap<>();
        for (Departure departure : departures) {
            nodes.removal(group, departure.memberId())
                    .filter(removal -> removal.incarnation() == departure.incarnation())
                    .ifPresent(removal -> evidence.put(departure, removal));
        }
        return evidence;
    }

    private static ObjectReference reference(GroupObject group) {
        return new ObjectReferenceBuilder()
                .withApiVersion(ApiGroup.API_VERSION)
                .withKind("Group")
                .withNamespace(group.namespace())
                .withName(group.name())
                .withUid(group.uid())
                .build();
    }
}
