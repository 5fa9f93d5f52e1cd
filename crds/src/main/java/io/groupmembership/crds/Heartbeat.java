package io.groupmembership.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How members are watched over. What is absent in a group is taken from its cluster, and what is absent there from
 * {@link #DEFAULT}.
 *
 * @param intervalMillis the time between two heartbeats
 * @param misses how many unanswered heartbeats in a row mean that a member is gone
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Heartbeat(
        @Nullable Long intervalMillis, @Nullable Integer misses) {
    public static final long DEFAULT_INTERVAL_MILLIS = 5_000;
    public static final int DEFAULT_MISSES = 3;
    public static final Heartbeat DEFAULT = new Heartbeat(DEFAULT_INTERVAL_MILLIS, DEFAULT_MISSES);

    public long intervalMillisOrDefault() {
        return intervalMillis == null ? DEFAULT_INTERVAL_MILLIS : intervalMillis;
    }

    public int missesOrDefault() {
        return misses == null ? DEFAULT_MISSES : misses;
    }

    /** This heartbeat, with what it leaves out taken from another. */
    public Heartbeat orElse(Heartbeat other) {
        return new Heartbeat(
                intervalMillis == null ? other.intervalMillis : intervalMillis, misses == null ? other.misses : misses);
    }
}
