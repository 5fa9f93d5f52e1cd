package io.groupmembership.operator.group;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.groupmembership.crds.ApiGroup;
import io.groupmembership.crds.Group;
import io.groupmembership.crds.GroupMembershipCluster;
import io.groupmembership.operator.group.GroupFacts.NamespaceVerdict;
import io.groupmembership.operator.group.follow.GroupKey;
import io.groupmembership.operator.group.slice.ServiceKey;
import io.groupmembership.operator.group.slice.ServiceView;
import io.groupmembership.operator.group.slice.ServiceViewReader;
import io.groupmembership.operator.group.slice.SliceObjects;
import io.groupmembership.operator.group.slice.SliceView;
import io.groupmembership.operator.informer.SlimInformer;
import io.groupmembership.operator.injection.ClusterKey;
import io.groupmembership.operator.pod.PodDirectory;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The objects of Kubernetes that groups have to do with, in all namespaces, and what the mirrors of several clusters
 * share: there is one of these in an operator.
 */
public final class GroupObjects implements AutoCloseable {
    /** Writes of objects of all groups of all clusters. */
    private static final int WRITES_A_SECOND = 20;

    /** Of these, slices alone or groups alone: a few are left for the others, who need not wait. */
    private static final int WRITES_OF_A_KIND_A_SECOND = 16;

    private static final int EVENTS_A_SECOND = 4;

    private static final Comparator<GroupObject> OLDEST_FIRST =
            Comparator.comparing(GroupObject::createdAt).thenComparing(GroupObject::name);

    private final PodDirectory pods;
    private final SlimInformer<Group, GroupObject> groups;
    private final SlimInformer<Service, ServiceView> services;
    private final SlimInformer<EndpointSlice, SliceView> slices;
    private final SlimInformer<Namespace, NamespaceView> namespaces;
    private final InverseIndex<ServiceKey, GroupKey> groupsByService = new InverseIndex<>();
    private final InverseIndex<ServiceKey, String> slicesByService = new InverseIndex<>();
    /** Clusters that have members in a group whose object belongs to another one. */
    private final InverseIndex<GroupKey, ClusterKey> alsoIn = new InverseIndex<>();

    private final List<ConflictListener> conflictListeners = new CopyOnWriteArrayList<>();
    private final WriteWindow writes = new WriteWindow(WRITES_A_SECOND);
    private final WriteWindow sliceWrites = writes.part(WRITES_OF_A_KIND_A_SECOND);
    private final WriteWindow groupWrites = writes.part(WRITES_OF_A_KIND_A_SECOND);
    private final WriteWindow eventWrites = writes.part(EVENTS_A_SECOND);

    /** Hears that clusters began or ceased to have groups of the same name. */
    @FunctionalInterface
    interface ConflictListener {
        void changed(GroupKey group);
    }

    /** @param pods started and closed by whoever made it */
    public GroupObjects(KubernetesClient kubernetes, PodDirectory pods) {
        this.pods = pods;
        this.groups =
                new SlimInformer<>(kubernetes.resources(Group.class).inAnyNamespace(), GroupObject::of, Group::new);
        this.services =
                new SlimInformer<>(kubernetes.services().inAnyNamespace(), ServiceViewReader::read, Service::new);
        this.slices = new SlimInformer<>(
                kubernetes
                        .discovery()
                        .v1()
                        .endpointSlices()
                        .inAnyNamespace()
                        .withLabel(SliceObjects.MANAGED_BY_LABEL, ApiGroup.OPERATOR),
                SliceObjects::read,
                EndpointSlice::new);
        this.namespaces = new SlimInformer<>(kubernetes.namespaces(), NamespaceView::of, Namespace::new);
        groups.addListener(this::indexGroup);
        slices.addListener(this::indexSlice);
    }

    /** Starts to follow the objects; returns at once. Mirrors write nothing before all are known. */
    public void start() {
        groups.start();
        services.start();
        slices.start();
        namespaces.start();
    }

    public boolean hasSynced() {
        return groups.hasSynced()
                && services.hasSynced()
                && slices.hasSynced()
                && namespaces.hasSynced()
                && pods.hasSynced();
    }

    private void indexGroup(Optional<GroupObject> before, Optional<GroupObject> after) {
        Optional<ServiceKey> named = after.flatMap(GroupObjects::service);
        before.flatMap(GroupObjects::service)
                .filter(service -> !named.equals(Optional.of(service)))
                .ifPresent(service -> groupsByService.set(service, before.get().key(), false));
        named.ifPresent(service -> groupsByService.set(service, after.get().key(), true));
    }

    private void indexSlice(Optional<SliceView> before, Optional<SliceView> after) {
        Optional<ServiceKey> owner = after.map(GroupObjects::service);
        before.filter(slice -> !owner.equals(Optional.of(service(slice))))
                .ifPresent(slice -> slicesByService.set(service(slice), slice.name(), false));
        after.ifPresent(slice -> slicesByService.set(service(slice), slice.name(), true));
    }

    static ServiceKey service(SliceView slice) {
        return new ServiceKey(slice.namespace(), slice.service());
    }

    static Optional<ServiceKey> service(GroupObject group) {
        return group.service().map(name -> new ServiceKey(group.namespace(), name));
    }

    PodDirectory pods() {
        return pods;
    }

    SlimInformer<Group, GroupObject> groups() {
        return groups;
    }

    SlimInformer<Service, ServiceView> services() {
        return services;
    }

    SlimInformer<EndpointSlice, SliceView> slices() {
        return slices;
    }

    SlimInformer<Namespace, NamespaceView> namespaces() {
        return namespaces;
    }

    Optional<GroupObject> group(GroupKey key) {
        return groups.get(key.namespace(), key.name());
    }

    /** Whose members a Service has as endpoints: of several groups that name it, the oldest one's. */
    Optional<GroupObject> binder(ServiceKey service) {
        return groupsByService.of(service).stream()
                .flatMap(key -> group(key).stream())
                .filter(group -> !group.beingDeleted() && service(group).equals(Optional.of(service)))
                .min(OLDEST_FIRST);
    }

    List<SliceView> slicesOf(ServiceKey service) {
        return slicesByService.of(service).stream()
                .flatMap(name -> slices.get(service.namespace(), name).stream())
                .filter(slice -> slice.service().equals(service.name()))
                .toList();
    }

    Optional<ServiceView> service(ServiceKey key) {
        return services.get(key.namespace(), key.name());
    }

    NamespaceVerdict verdict(String namespace, GroupMembershipCluster cluster) {
        return NamespaceView.verdict(namespaces.get("", namespace), cluster);
    }

    WriteWindow sliceWrites() {
        return sliceWrites;
    }

    WriteWindow groupWrites() {
        return groupWrites;
    }

    WriteWindow eventWrites() {
        return eventWrites;
    }

    // ---- groups of the same name in several clusters

    Set<ClusterKey> alsoIn(GroupKey group) {
        return alsoIn.of(group);
    }

    void setAlsoIn(GroupKey group, ClusterKey cluster, boolean present) {
        if (alsoIn.of(group).contains(cluster) != present) {
            alsoIn.set(group, cluster, present);
            // on a thread of its own: a mirror that says so holds its lock, and the one that hears of it needs its own
            Thread.ofVirtual()
                    .name("gm-conflict-" + group)
                    .start(() -> conflictListeners.forEach(listener -> listener.changed(group)));
        }
    }

    void addConflictListener(ConflictListener listener) {
        conflictListeners.add(listener);
    }

    void removeConflictListener(ConflictListener listener) {
        conflictListeners.remove(listener);
    }

    @Override
    public void close() {
        groups.close();
        services.close();
        slices.close();
        namespaces.close();
    }
}
