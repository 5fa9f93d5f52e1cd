package io.groupmembership.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.groupmembership.e2e.client.Started;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What the operator's pods need and do, as their kubelet and their metrics say. */
final class OperatorUse implements Started.Part {
    private static final String SYSTEM = "groupmembership-system";
    private static final String LABEL = "app.kubernetes.io/name";
    private static final String OPERATOR = "groupmembership-operator";
    private static final Pattern MEMORY =
            Pattern.compile("(?m)^container_memory_working_set_bytes\\{[^}]*pod=\"" + OPERATOR + "-[^}]*} ([0-9.e+]+)");
    private static final Pattern WRITES =
            Pattern.compile("(?m)^gm_mirror_writes_total\\{(?=[^}]*kind=\"([^\"]+)\")[^}]*} ([0-9.e+]+)");

    private final Namespace namespace;
    private final ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("operator-use").factory());
    private volatile long mostMemory;

    OperatorUse(Namespace namespace) {
        this.namespace = namespace;
        var _ = sampler.scheduleWithFixedDelay(this::sample, 0, 1, TimeUnit.SECONDS);
    }

    private void sample() {
        try {
            mostMemory = Math.max(mostMemory, memory());
        } catch (RuntimeException e) {
            System.out.println("no sample of the operator's memory: " + e);
        }
    }

    List<Pod> pods() {
        return namespace
                .client()
                .pods()
                .inNamespace(SYSTEM)
                .withLabel(LABEL, OPERATOR)
                .list()
                .getItems();
    }

    /** Restarts of containers by the name of the pod. */
    Map<String, Integer> restarts() {
        Map<String, Integer> restarts = new TreeMap<>();
        pods().forEach(pod -> restarts.put(
                pod.getMetadata().getName(),
                pod.getStatus().getContainerStatuses().getFirst().getRestartCount()));
        return restarts;
    }

    /** What the larger one of the pods needs now, in bytes: what cannot be taken from it. */
    long memory() {
        return pods().stream()
                .map(pod -> pod.getSpec().getNodeName())
                .distinct()
                .flatMap(node -> MEMORY.matcher(
                                namespace.client().raw("/api/v1/nodes/" + node + "/proxy/metrics/resource"))
                        .results())
                .mapToLong(found -> (long) Double.parseDouble(found.group(1)))
                .max()
                .orElseThrow();
    }

    /** The most that was seen. */
    long mostMemory() {
        return mostMemory;
    }

    long memoryLimit() {
        Quantity limit = Optional.ofNullable(pods().getFirst()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getResources()
                        .getLimits()
                        .get("memory"))
                .orElseThrow();
        return limit.getNumericalAmount().longValue();
    }

    /** What was written for the cluster of a namespace, by kind. */
    Map<String, Long> writes() {
        Map<String, Long> writes = new TreeMap<>();
        for (Pod pod : pods()) {
            String metrics = namespace
                    .client()
                    .raw("/api/v1/namespaces/" + SYSTEM + "/pods/"
                            + pod.getMetadata().getName() + ":8080/proxy/q/metrics");
            for (MatchResult found : WRITES.matcher(metrics).results().toList()) {
                if (found.group().contains("cluster=\"" + namespace.name() + "/")) {
                    writes.merge(found.group(1), (long) Double.parseDouble(found.group(2)), Long::sum);
                }
            }
        }
        return writes;
    }

    @Override
    public void end() {
        sampler.shutdownNow();
    }

    @Override
    public String lastWords() {
        return "the operator's writes " + writes() + ", restarts " + restarts() + ", most memory " + mostMemory;
    }
}
