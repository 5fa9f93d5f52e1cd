package io.groupmembership.protocol.clock;

/** A clock for leases: nanoseconds since some moment, which nobody sets. Thread-safe. */
@FunctionalInterface
public interface LeaseClock {
    long nanos();
}
