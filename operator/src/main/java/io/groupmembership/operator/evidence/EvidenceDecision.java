package io.groupmembership.operator.evidence;

import io.groupmembership.operator.group.follow.MirroredMember;
import io.groupmembership.operator.pod.ContainerState;
import io.groupmembership.operator.pod.ContainerView;
import io.groupmembership.operator.pod.PodView;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a pod proves of its member.
 *
 * <p>The member containers of a pod are its containers that are no sidecars, or those that its annotation names. When a
 * kubelet reports that all of them have ended, the process that was the member is gone, and its membership ends at once.
 * It is no proof that a pod was deleted, is unreachable, or has lost its label: its processes may live on. A kubelet
 * that does not know what became of a container ({@value #UNKNOWN}) proves nothing either.
 *
 * <p>A pod that is being deleted ends its containers on purpose; its sidecar says goodbye after them, and is left to do
 * so.
 */
final class EvidenceDecision {
    static final String UNKNOWN = "ContainerStatusUnknown";

    /** A kubelet reports the end of a container within a second or two, where it can report at all. */
    static final Duration SETTLED_AFTER = Duration.ofSeconds(5);

    /** What a removal's record holds of a text. */
    private static final int DETAIL_CHARACTERS = 64;

    private EvidenceDecision() {}

    /**
     * The end of a member's process.
     *
     * @param failed whether a container ended otherwise than by its own decision
     * @param detail for people
     */
    record Ended(String memberId, long incarnation, boolean failed, String detail) {}

    /**
     * What is known after another look. An incarnation counts for the containers that ran when it was in the view, and
     * still ran {@link #SETTLED_AFTER} later: a report of containers that run may be older than the incarnation.
     *
     * @param nowNanos from any origin
     */
    static Optional<Witness> witness(
            Optional<Witness> before, PodView pod, Optional<MirroredMember> member, long nowNanos) {
        Optional<Map<String, String>> running = running(pod);
        Optional<MirroredMember> seen = member.filter(one -> one.podUid().equals(Optional.of(pod.uid())));
        if (running.isEmpty() || seen.isEmpty()) {
            return before;
        }
        long incarnation = seen.get().incarnation();
        Witness first = new Witness(incarnation, running.get(), nowNanos, false);
        if (before.isEmpty() || before.get().incarnation() < incarnation) {
            return Optional.of(first);
        }
        Witness known = before.get();
        if (known.settled() || known.incarnation() > incarnation) {
            return before;
        }
        if (!known.containerIds().equals(running.get())) {
            return Optional.of(first);
        }
        boolean settled = nowNanos - known.sinceNanos() >= SETTLED_AFTER.toNanos();
        return Optional.of(new Witness(incarnation, known.containerIds(), known.sinceNanos(), settled));
    }

    private static Optional<Map<String, String>> running(PodView pod) {
        Map<String, String> ids = new HashMap<>();
        for (ContainerView container : memberContainers(pod)) {
            if (!(container.state() instanceof ContainerState.Running)
                    || container.containerId().isEmpty()) {
                return Optional.empty();
            }
            ids.put(container.name(), container.containerId());
        }
        return ids.isEmpty() ? Optional.empty() : Optional.of(ids);
    }

    /** Empty where not every container of the witness is known to have ended. */
    static Optional<Ended> ended(Witness witness, PodView pod) {
        if (pod.terminating() || !witness.settled()) {
            return Optional.empty();
        }
        boolean failed = false;
        String detail = "";
        for (Map.Entry<String, String> container : witness.containerIds().entrySet()) {
            Optional<ContainerState.Terminated> end = memberContainers(pod).stream()
                    .filter(now -> now.name().equals(container.getKey()))
                    .flatMap(EvidenceDecision::ends)
                    .filter(past -> past.containerId().equals(container.getValue())
                            && !past.reason().equals(UNKNOWN))
                    .findFirst();
            if (end.isEmpty()) {
                return Optional.empty();
            }
            boolean crashed = end.get().exitCode() != 0;
            if (detail.isEmpty() || (crashed && !failed)) {
                detail = container.getKey() + " ended: " + end.get().reason() + ", exit code "
                        + end.get().exitCode();
            }
            failed |= crashed;
        }
        return Optional.of(new Ended(
                pod.name(),
                witness.incarnation(),
                failed,
                detail.substring(0, Math.min(detail.length(), DETAIL_CHARACTERS))));
    }

    private static Stream<ContainerState.Terminated> ends(ContainerView container) {
        Stream<ContainerState.Terminated> now = container.state() instanceof ContainerState.Terminated terminated
                ? Stream.of(terminated)
                : Stream.empty();
        return Stream.concat(now, container.lastEnd().stream());
    }

    private static List<ContainerView> memberContainers(PodView pod) {
        return pod.containers().stream()
                .filter(container ->
                        !container.sidecar() && pod.memberContainers().contains(container.name()))
                .toList();
    }
}
