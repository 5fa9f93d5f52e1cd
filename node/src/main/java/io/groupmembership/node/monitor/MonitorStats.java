package io.groupmembership.node.monitor;

/**
 * Figures of the detector. Counts are totals since it began.
 *
 * @param monitored members that are watched over now
 * @param carriedByTcp members with a lease whose newest ack came by TCP
 * @param openLines connections for heartbeats, there or being made
 * @param pingsSent pings, connects and requests that left
 * @param acksReceived valid answers
 * @param misses pings that the member left unanswered
 * @param reports times that a member was reported as silent
 * @param malformed datagrams that are no acks of ours
 * @param strayAcks acks of nobody that is watched, of another epoch, or out of order
 * @param forged datagrams whose seal is not that of the member that they name
 * @param confirmations acks that were confirmed
 * @param probesSent pings for other nodes
 * @param lateTicks pings that were due and are not held against their member, as the monitor was late
 * @param unsent pings that found no room in the socket's buffer, each counted again when it is retried
 * @param sendFailures pings that the network refused to carry
 * @param openConnections TCP and HTTP attempts under way
 * @param waitingConnections members whose TCP or HTTP attempt waits for its turn
 * @param lookupFailures host names that could not be resolved
 * @param loopFailures passes of the loop, or calls of the listener, that ended by an exception
 * @param maxLoopLagMillis the longest delay of a ping in the last 5 to 10 seconds
 * @param running false once the loop has ended
 */
public record MonitorStats(
        int monitored,
        int carriedByTcp,
        int openLines,
        long pingsSent,
        long acksReceived,
        long misses,
        long reports,
        long malformed,
        long strayAcks,
        long forged,
        long confirmations,
        long probesSent,
        long lateTicks,
        long unsent,
        long sendFailures,
        int openConnections,
        int waitingConnections,
        long lookupFailures,
        long loopFailures,
        long maxLoopLagMillis,
        boolean running) {}
