package io.groupmembership.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The operator, or its webhook: what all clusters share. */
record SystemDeployment(Kubernetes kubernetes, String name) {
    private static final String NAMESPACE = "groupmembership-system";

    static SystemDeployment operator() {
        return new SystemDeployment(Kubernetes.get(), "groupmembership-operator");
    }

    static SystemDeployment webhook() {
        return new SystemDeployment(Kubernetes.get(), "groupmembership-webhook");
    }

    /** Waits until so many of its pods are there and ready. */
    void scale(int replicas) {
        kubectl("scale", "deployment", name, "--replicas=" + replicas);
        Awaitility.await(name + " has " + replicas)
                .atMost(Namespace.PATIENCE)
                .until(() -> pods().size() == replicas
                        && pods().stream()
                                .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
                                .allMatch(ContainerStatus::getReady));
    }

    /** Changes its environment, and waits until its pods have it; {@code NAME=value}, or {@code NAME-} for none. */
    void set(String... variables) {
        kubectl(Stream.concat(Stream.of("set", "env", "deployment", name), Stream.of(variables))
                .toArray(String[]::new));
        kubectl("rollout", "status", "deployment", name, "--timeout=120s");
    }

    private List<Pod> pods() {
        return kubernetes
                .client()
                .pods()
                .inNamespace(NAMESPACE)
                .withLabel("app.kubernetes.io/name", name)
                .list()
                .getItems();
    }

    private void kubectl(String... arguments) {
        kubernetes.kubectl(
                Stream.concat(Stream.of("-n", NAMESPACE), Stream.of(arguments)).toArray(String[]::new));
    }
}
