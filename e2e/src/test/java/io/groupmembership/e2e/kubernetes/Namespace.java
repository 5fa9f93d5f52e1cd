package io.groupmembership.e2e.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.groupmembership.crds.Conditions;
import io.groupmembership.crds.Group;
import io.groupmembership.crds.GroupMembershipCluster;
import io.groupmembership.crds.GroupMembershipClusterStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A namespace of one test's own; everything in it goes with it. */
final class Namespace implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Kubernetes kubernetes;
    private final String name;

    Namespace(String name) {
        this(Kubernetes.get(), name);
    }

    Namespace(Kubernetes kubernetes, String name) {
        this.kubernetes = kubernetes;
        this.name = name;
        kubernetes
                .client()
                .namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
    }

    String name() {
        return name;
    }

    KubernetesClient client() {
        return kubernetes.client();
    }

    Namespace apply(String manifest) {
        kubernetes.apply(name, manifest);
        return this;
    }

    String kubectl(String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "-n";
        all[1] = name;
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return kubernetes.kubectl(all);
    }

    GroupMembershipCluster cluster(String cluster) {
        return client().resources(GroupMembershipCluster.class)
                .inNamespace(name)
                .withName(cluster)
                .get();
    }

    /** Waits until all nodes of a cluster are in and ready. */
    void awaitReady(String cluster, int nodes) {
        await("cluster " + cluster + " is ready with " + nodes, () -> {
            GroupMembershipCluster now = cluster(cluster);
            return now.getStatus().readyReplicas() != null
                    && now.getStatus().readyReplicas() == nodes
                    && now.getMetadata().getGeneration().equals(now.getStatus().observedGeneration())
                    && Conditions.holds(now.getStatus().conditions(), GroupMembershipClusterStatus.READY);
        });
    }

    /** Waits until the Group shows so many members. */
    void awaitMembers(String group, int members) {
        await("group " + group + " has " + members + " members", () -> {
            Group now = client().resources(Group.class)
                    .inNamespace(name)
                    .withName(group)
                    .get();
            return now != null
                    && now.getStatus().members() != null
                    && now.getStatus().members() == members;
        });
    }

    void await(String what, Callable<Boolean> condition) {
        try {
            Awaitility.await(what)
                    .atMost(PATIENCE)
                    .pollInterval(200, TimeUnit.MILLISECONDS)
                    .until(condition);
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            throw new AssertionError(e.getMessage() + "\n" + describe(), e);
        }
    }

    /** What a person would look at when something does not come about. */
    String describe() {
        return kubectl("get", "gmc,groups,pods,events", "-o", "wide")
                + kubernetes.kubectl(
                        "-n", "groupmembership-system", "logs", "deployment/groupmembership-operator", "--tail=30");
    }

    /** Those that are not being deleted. */
    List<Pod> pods(String label, String value) {
        return client().pods().inNamespace(name).withLabel(label, value).list().getItems().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    /** The names of the pods that a Service leads to. */
    Set<String> endpoints(String service) {
        return client()
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(name)
                .withLabel("kubernetes.io/service-name", service)
                .list()
                .getItems()
                .stream()
                .flatMap(slice -> slice.getEndpoints().stream())
                .filter(endpoint -> Boolean.TRUE.equals(endpoint.getConditions().getReady()))
                .map(endpoint -> endpoint.getTargetRef().getName())
                .collect(Collectors.toSet());
    }

    /** The view of a group, as the nodes have it now. */
    JsonNode view(String cluster, String group) {
        return get(cluster, "/v1/namespaces/" + name + "/groups/" + group);
    }

    /** Asks a node of a cluster, through the API server; missing where the node knows of no such thing. */
    JsonNode get(String cluster, String path) {
        String answer = client().raw("/api/v1/namespaces/" + name + "/services/" + cluster + ":7700/proxy" + path);
        try {
            return answer == null ? MissingNode.getInstance() : JSON.readTree(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By SIGKILL, from the machine that the pod is on: an image without a shell has no kill. */
    void kill(String pod, String container) {
        PodStatus of = client().pods().inNamespace(name).withName(pod).get().getStatus();
        String id = Stream.concat(of.getInitContainerStatuses().stream(), of.getContainerStatuses().stream())
                .filter(status -> status.getName().equals(container))
                .findFirst()
                .orElseThrow()
                .getContainerID();
        kubernetes.onServer(
                "ctr", "-n", "k8s.io", "task", "kill", "-s", "SIGKILL", id.substring("containerd://".length()));
    }

    @Override
    public void close() {
        client().namespaces().withName(name).delete();
        Awaitility.await("namespace " + name + " is gone")
                .atMost(PATIENCE)
                .until(() -> client().namespaces().withName(name).get() == null);
        if (kubernetes.server().isPresent()) {
            kubernetes.recycleVolumes();
        }
    }
}
