package io.groupmembership.membership;

import java.util.List;

/**
 * Requests of many clients that one node proposes as one log entry.
 *
 * <p>The node may send the same batch several times, across changes of leader: origin and sequence name it, so that it
 * is applied once (Ongaro's dissertation, section 6.3).
 *
 * @param origin a random number that the node drew when it started
 * @param sequence counts the batches of this origin
 * @param lowestPending every batch of this origin below this is done: its results need not be kept
 */
public record Batch(long origin, long sequence, long lowestPending, List<Request> requests) {}
