package io.groupmembership.operator.cluster;

/**
 * What a cluster is for good, from the Secret that is created once and outlives the cluster's other objects.
 *
 * @param clusterId a UUID, drawn by the operator
 * @param founder the peerId of the one volume that the Raft group began on
 * @param recoveryEpoch how many times the cluster was recovered by force
 */
public record ClusterIdentity(String clusterId, String founder, long recoveryEpoch) {}
