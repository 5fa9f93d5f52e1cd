package io.groupmembership.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One node of a cluster, as the operator last saw it.
 *
 * @param nodeId the pod's name
 * @param peerId the Raft peer: the nodeId, a dot, and the UUID of the volume; absent while the node can't be asked
 * @param role leader, follower, candidate, listener or unformed; absent while the node can't be asked
 * @param ready whether the pod is ready
 * @param inConfiguration whether the peer votes
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NodeStatus(
        String nodeId, @Nullable String peerId, @Nullable String role, boolean ready, boolean inConfiguration) {}
