package io.groupmembership.operator.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.groupmembership.operator.informer.SlimInformer;
import io.groupmembership.operator.injection.MemberPod;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;

/** The {@link PodDirectory} of a Kubernetes cluster: an informer of labelled pods, and an index by UID. */
public final class PodInformer implements PodDirectory, AutoCloseable {
    private final SlimInformer<Pod, PodView> pods;
    private final ConcurrentMap<UUID, PodView> byUid = new ConcurrentHashMap<>();

    public PodInformer(KubernetesClient kubernetes) {
        this.pods = new SlimInformer<>(
                kubernetes.pods().inAnyNamespace().withLabel(MemberPod.GROUP_LABEL), PodViewReader::read, Pod::new);
        pods.addListener(this::index);
    }

    public void start() {
        pods.start();
    }

    private void index(Optional<PodView> before, Optional<PodView> after) {
        Optional<UUID> kept = after.map(PodView::uid);
        before.map(PodView::uid).filter(uid -> !kept.equals(Optional.of(uid))).ifPresent(byUid::remove);
        after.ifPresent(pod -> byUid.put(pod.uid(), pod));
    }

    @Override
    public boolean hasSynced() {
        return pods.hasSynced();
    }

    @Override
    public Optional<PodView> byUid(UUID uid) {
        return Optional.ofNullable(byUid.get(uid));
    }

    @Override
    public Stream<PodView> all() {
        return pods.all();
    }

    @Override
    public void addListener(SlimInformer.Listener<PodView> listener) {
        pods.addListener(listener);
    }

    @Override
    public void removeListener(SlimInformer.Listener<PodView> listener) {
        pods.removeListener(listener);
    }

    @Override
    public void close() {
        pods.close();
    }
}
