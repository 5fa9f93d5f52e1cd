package io.groupmembership.protocol.backup;

/**
 * What a backup says of itself.
 *
 * @param clusterId of the cluster that it was taken of
 * @param recoveryEpoch of that cluster then
 * @param logIndex the last entry of its log that is in the backup
 * @param takenAtMillis by the clock of the node
 * @param nodeId the node that it was taken from
 * @param groups how many there are, and so on, for people
 * @param snapshotBytes the length of the snapshot behind the header
 * @param snapshotSha256 of it, in hexadecimal digits of lower case
 */
public record BackupHeader(
        String clusterId,
        String clusterName,
        long recoveryEpoch,
        long logIndex,
        long takenAtMillis,
        String nodeId,
        int groups,
        int members,
        int keys,
        long snapshotBytes,
        String snapshotSha256) {}
