package io.groupmembership.operator.pod;

/** What the kubelet last said of a container. */
public sealed interface ContainerState {
    /** It has not started, or not again. */
    record Waiting(String reason) implements ContainerState {}

    record Running() implements ContainerState {}

    /**
     * It has ended.
     *
     * @param containerId of the container that ended; empty where the kubelet does not say
     * @param reason as in {@code Completed}, {@code Error}, {@code OOMKilled}, {@code ContainerStatusUnknown}
     */
    record Terminated(String containerId, String reason, int exitCode) implements ContainerState {}
}
