package io.groupmembership.node.identity;

/**
 * That this volume alone goes on, after the majority of its cluster was lost. It takes effect at the next start.
 *
 * @param recoveryEpoch from then on
 * @param lastIndex of its Raft log when that was decided
 * @param provenIncarnation the highest incarnation that it then knew to be agreed on
 */
public record Recovery(long recoveryEpoch, long lastIndex, long provenIncarnation) {}
