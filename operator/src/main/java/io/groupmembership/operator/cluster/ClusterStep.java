package io.groupmembership.operator.cluster;

import io.groupmembership.protocol.api.RaftState;
import java.util.List;

/** What the operator does next for a cluster, or why it does nothing. */
public sealed interface ClusterStep {
    /** Draws what heartbeats are sealed with, where there is no such Secret. */
    record DrawHeartbeatSecret() implements ClusterStep {}

    /** Makes the StatefulSet, or makes it larger. */
    record RaiseReplicas(int replicas) implements ClusterStep {}

    /** Writes down for good which volume the cluster begins on. */
    record RecordIdentity(String founder) implements ClusterStep {}

    /**
     * Tells a node with an empty volume which cluster it is of.
     *
     * @param minimumPeers how many peers there must once have been before it serves clients
     */
    record Form(String nodeId, String peerId, boolean founder, int minimumPeers) implements ClusterStep {}

    /** Writes down for good which volume a cluster that lost its majority goes on from. */
    record RecordRecovery(String survivor, long recoveryEpoch) implements ClusterStep {}

    /** Tells the survivor to go on alone. */
    record Recover(String nodeId, String peerId, long recoveryEpoch) implements ClusterStep {}

    /** Takes a person's word back that has been followed, or was not needed. */
    record ForgetRecovery() implements ClusterStep {}

    /** Changes the Raft configuration from exactly the expected peers, by joint consensus. */
    record Configure(String what, List<String> expected, List<RaftState.Peer> peers) implements ClusterStep {}

    record MoveLeadership(String from, String to) implements ClusterStep {}

    record LowerReplicas(int replicas) implements ClusterStep {}

    record DeleteVolume(int ordinal) implements ClusterStep {}

    /** Deletes a pod, so that it is made anew from the present template. */
    record RestartPod(String nodeId, String why) implements ClusterStep {}

    /** Nothing can be done until something else has happened, which needs nobody's help. */
    record Wait(String reason, String message) implements ClusterStep {}

    /** What is asked for would be unsafe; somebody has to decide. */
    record Refuse(String reason, String message) implements ClusterStep {}

    /** All is as the spec asks. */
    record Done() implements ClusterStep {}
}
