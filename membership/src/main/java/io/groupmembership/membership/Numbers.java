package io.groupmembership.membership;

/**
 * The numbers that are never used twice: each has the recovery epoch above {@value #EPOCH_SHIFT} bits of its own count.
 * Added, not combined bit by bit: should a count ever outgrow its bits, no number comes twice.
 */
final class Numbers {
    static final int EPOCH_SHIFT = 40;

    /** With the shift, numbers stay below 2^53, which every JSON reader can hold. */
    static final int MAX_RECOVERY_EPOCH = (1 << 13) - 1;

    private long recoveryEpoch;
    private long joins;

    Numbers(long recoveryEpoch, long joins) {
        this.recoveryEpoch = recoveryEpoch;
        this.joins = joins;
    }

    long recoveryEpoch() {
        return recoveryEpoch;
    }

    long joins() {
        return joins;
    }

    /** The number for a count of this epoch. */
    long of(long count) {
        return (recoveryEpoch << EPOCH_SHIFT) + count;
    }

    /** The latest that was given to a joiner; no other is larger. */
    long lastIncarnation() {
        return of(joins);
    }

    long nextIncarnation() {
        joins++;
        return lastIncarnation();
    }

    /** From here on every number is larger than any from before. */
    void begin(long laterEpoch) {
        recoveryEpoch = laterEpoch;
    }
}
