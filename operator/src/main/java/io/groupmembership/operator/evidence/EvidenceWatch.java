package io.groupmembership.operator.evidence;

import io.groupmembership.operator.group.GroupMirror;
import io.groupmembership.operator.group.follow.GroupKey;
import io.groupmembership.operator.group.follow.MirroredMember;
import io.groupmembership.operator.informer.SlimInformer;
import io.groupmembership.operator.node.AnyNode;
import io.groupmembership.operator.pod.PodDirectory;
import io.groupmembership.operator.pod.PodView;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the pods of one cluster's groups, and tells its nodes of members whose processes have ended. What is noticed
 * within {@value #GATHER_MILLIS} ms is told together, so that pods that crash together leave in one view. Evidence that
 * could not be given is given again at the next turn; after a restart of the operator nothing is known, and heartbeats
 * have to do.
 */
public final class EvidenceWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EvidenceWatch.class);
    private static final int GATHER_MILLIS = 50;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final int MOST_AT_ONCE = 1_000;

    private final PodDirectory pods;
    private final GroupMirror mirror;
    private final EvidenceApi nodes;
    private final ScheduledExecutorService executor;

    /** Pods to look at; there are never more than there are pods. */
    private final Set<UUID> changed = ConcurrentHashMap.newKeySet();

    private final SlimInformer.Listener<PodView> podListener = (before, after) -> {
        Optional<PodView> pod = after.or(() -> before);
        pod.map(PodView::uid).ifPresent(changed::add);
    };
    private final Consumer<GroupKey> viewListener = this::viewChanged;

    // on the executor's thread
    private final Map<UUID, Witness> witnesses = new HashMap<>();
    private final Map<UUID, Long> told = new HashMap<>();

    /**
     * @param nodes base URLs of the cluster's nodes, asked before each request
     * @param http to call them with; it stays open
     */
    public EvidenceWatch(PodDirectory pods, GroupMirror mirror, Supplier<List<URI>> nodes, HttpClient http) {
        this.pods = pods;
        this.mirror = mirror;
        this.nodes = new EvidenceApi(new AnyNode(http, nodes));
        this.executor = new ScheduledThreadPoolExecutor(
                1,
                Thread.ofPlatform()
                        .name("gm-evidence-" + mirror.cluster())
                        .daemon()
                        .factory());
    }

    public void start() {
        pods.addListener(podListener);
        mirror.addViewListener(viewListener);
        pods.all().map(PodView::uid).forEach(changed::add);
        var _ = executor.scheduleWithFixedDelay(this::turn, GATHER_MILLIS, GATHER_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void viewChanged(GroupKey group) {
        pods.all()
                .filter(pod ->
                        pod.namespace().equals(group.namespace()) && pod.group().equals(group.name()))
                .map(PodView::uid)
                .forEach(changed::add);
    }

    private void turn() {
        try {
            Map<GroupKey, List<EvidenceDecision.Ended>> found = new TreeMap<>();
            Map<EvidenceDecision.Ended, UUID> whose = new HashMap<>();
            Map<GroupKey, Map<UUID, MirroredMember>> members = new HashMap<>();
            for (UUID uid : List.copyOf(changed)) {
                changed.remove(uid);
                Optional<PodView> pod = pods.byUid(uid);
                if (pod.isEmpty()) {
                    witnesses.remove(uid);
                    told.remove(uid);
                    continue;
                }
                GroupKey group = new GroupKey(pod.get().namespace(), pod.get().group());
                Optional<MirroredMember> member = Optional.ofNullable(
                        members.computeIfAbsent(group, mirror::podMembers).get(uid));
                look(pod.get(), member).ifPresent(ended -> {
                    found.computeIfAbsent(group, _ -> new ArrayList<>()).add(ended);
                    whose.put(ended, uid);
                });
            }
            found.forEach((group, ended) -> {
                for (int from = 0; from < ended.size(); from += MOST_AT_ONCE) {
                    give(group, ended.subList(from, Math.min(ended.size(), from + MOST_AT_ONCE)), whose);
                }
            });
        } catch (RuntimeException e) {
            LOG.warn("pods of {} were not looked at", mirror.cluster(), e);
        }
    }

    /** The end of the incarnation that was seen, where this look shows it. */
    private Optional<EvidenceDecision.Ended> look(PodView pod, Optional<MirroredMember> member) {
        Optional<Witness> witness =
                EvidenceDecision.witness(Optional.ofNullable(witnesses.get(pod.uid())), pod, member, System.nanoTime());
        witness.ifPresent(seen -> remember(pod.uid(), seen));
        return witness.filter(seen -> seen.incarnation() > told.getOrDefault(pod.uid(), 0L))
                .flatMap(seen -> EvidenceDecision.ended(seen, pod));
    }

    private void remember(UUID uid, Witness seen) {
        Witness before = witnesses.put(uid, seen);
        if (!seen.settled() && (before == null || before.sinceNanos() != seen.sinceNanos())) {
            lookAgain(List.of(uid), EvidenceDecision.SETTLED_AFTER);
        }
    }

    private void lookAgain(List<UUID> uids, Duration later) {
        var _ = executor.schedule(() -> changed.addAll(uids), later.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void give(GroupKey group, List<EvidenceDecision.Ended> ended, Map<EvidenceDecision.Ended, UUID> whose) {
        try {
            int removed = nodes.give(group, ended);
            ended.forEach(
                    one -> Optional.ofNullable(whose.get(one)).ifPresent(uid -> told.put(uid, one.incarnation())));
            LOG.info("{}: {} of {} members ended with their containers", group, removed, ended.size());
        } catch (IOException e) {
            LOG.info("{}: the nodes could not be told that {} members ended: {}", group, ended.size(), e.toString());
            lookAgain(
                    ended.stream()
                            .flatMap(one -> Stream.ofNullable(whose.get(one)))
                            .toList(),
                    RETRY_AFTER);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        pods.removeListener(podListener);
        mirror.removeViewListener(viewListener);
        executor.shutdownNow();
    }
}
