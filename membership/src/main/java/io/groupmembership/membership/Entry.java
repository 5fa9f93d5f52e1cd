package io.groupmembership.membership;

/**
 * What is in the log.
 *
 * @param leader the nodeId of the leader that appended it
 * @param leaderMillis that node's clock time, in milliseconds since 1970; shown to people, read by no rule
 */
public record Entry(String leader, long leaderMillis, Batch batch) {}
