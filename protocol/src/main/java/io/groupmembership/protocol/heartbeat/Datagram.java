package io.groupmembership.protocol.heartbeat;

import java.nio.ByteBuffer;

/**
 * The datagram between a node and a member's agent, version 2: {@value #BYTES} bytes, big endian, laid over an array
 * that is used again and again, so that neither sending nor receiving leaves garbage.
 *
 * <pre>
 * offset size
 *   0     2   0x474D ("GM")
 *   2     1   version, 2
 *   3     1   type: 1 ping, 2 ack, 3 confirmation, 4 probe, 5 answer to a probe
 *   4     2   key id, unsigned
 *   6     2   zero
 *   8     8   member hash: see {@link MemberHash}
 *  16     8   incarnation
 *  24     4   assignment epoch
 *  28     4   milliseconds. Confirmation: the lease granted; ping: after how long an ack that is not confirmed is sent
 *             again, 0 for never; else 0
 *  32     8   sequence. Ping, confirmation: one counter of the monitor for both, per watch. Probe: of the request of the
 *             node that probes. Ack, answer to a probe: the member's one counter for its whole process
 *  40     8   ack, answer to a probe: when the member sent it, in nanoseconds of its CLOCK_BOOTTIME; confirmation: what
 *             the ack said; else 0
 *  48     8   ping, confirmation: the number of the group's view as the monitor knows it; else 0
 *  56     8   ack, answer to a probe: the sequence of the ping or probe; else 0
 *  64    16   HMAC-SHA256 over bytes 0 to 63, its first 16 bytes: see {@link DatagramSeal}
 * </pre>
 *
 * <p>Each {@code be...} method writes every field but the seal, so nothing of an earlier datagram stays behind. What
 * has arrived is worth reading only if it {@link #isWellFormed} and its seal is authentic. Not thread-safe.
 */
public final class Datagram {
    public static final int BYTES = 80;

    static final int SEAL_OFFSET = 64;
    static final int SEAL_BYTES = BYTES - SEAL_OFFSET;

    private static final short MAGIC = 0x474D;
    private static final byte VERSION = 2;
    private static final long HEAD = ((long) MAGIC << 48) | ((long) VERSION << 40);

    /** Magic, version, and the two bytes that are zero. */
    private static final long HEAD_FIXED = 0xFFFF_FF00_0000_FFFFL;

    /** One byte more than a datagram has, so that a longer one is seen to be longer. */
    private final byte[] bytes = new byte[BYTES + 1];

    private final ByteBuffer buffer = ByteBuffer.wrap(bytes);

    /** The array beneath, of which the first {@value #BYTES} bytes count. */
    byte[] bytes() {
        return bytes;
    }

    /** The buffer beneath, empty, for receiving into. */
    public ByteBuffer toReceive() {
        return buffer.clear();
    }

    /** The buffer beneath, full, for sending from. */
    public ByteBuffer toSend() {
        return buffer.limit(BYTES).position(0);
    }

    /** Whether what was received is a datagram of this version, by anybody. */
    public boolean isWellFormed() {
        return buffer.position() == BYTES
                && (number(0) & HEAD_FIXED) == HEAD
                && DatagramType.isCode(bytes[3])
                && keyId() != 0;
    }

    /** Of a well-formed one. */
    public DatagramType type() {
        return DatagramType.ofCode(bytes[3]);
    }

    /** 1 to 65535. */
    public int keyId() {
        return ((bytes[4] & 0xFF) << 8) | (bytes[5] & 0xFF);
    }

    public long memberHash() {
        return number(8);
    }

    public long incarnation() {
        return number(16);
    }

    public int epoch() {
        return buffer.getInt(24);
    }

    /** The lease that a confirmation grants, or the time after which a ping wants its ack again; not negative. */
    public long millis() {
        return Integer.toUnsignedLong(buffer.getInt(28));
    }

    public long sequence() {
        return number(32);
    }

    /** When the member sent its ack, by its own clock. */
    public long memberSentNanos() {
        return number(40);
    }

    public long view() {
        return number(48);
    }

    /** The sequence of the ping or probe that this answers. */
    public long answeredSequence() {
        return number(56);
    }

    /** @param repeatMillis after how long the ack is to be sent again, if it is not confirmed; 0 for never */
    public void bePing(
            int keyId, long memberHash, long incarnation, int epoch, long sequence, long view, int repeatMillis) {
        write(DatagramType.PING, keyId, memberHash, incarnation, epoch, repeatMillis, sequence, 0, view, 0);
    }

    /** @param memberSentNanos as the ack says */
    public void beConfirmation(
            int keyId,
            long memberHash,
            long incarnation,
            int epoch,
            long sequence,
            long view,
            int leaseMillis,
            long memberSentNanos) {
        write(
                DatagramType.CONFIRMATION,
                keyId,
                memberHash,
                incarnation,
                epoch,
                leaseMillis,
                sequence,
                memberSentNanos,
                view,
                0);
    }

    public void beProbe(int keyId, long memberHash, long incarnation, int epoch, long sequence) {
        write(DatagramType.PROBE, keyId, memberHash, incarnation, epoch, 0, sequence, 0, 0, 0);
    }

    /**
     * The answer to a ping or a probe, with the same key id, member, incarnation and epoch.
     *
     * @param sequence the member's own
     * @param sentNanos by the member's clock, now
     */
    public void beAnswerTo(Datagram asked, long sequence, long sentNanos) {
        DatagramType type = switch (asked.type()) {
            case PING -> DatagramType.ACK;
            case PROBE -> DatagramType.PROBE_ANSWER;
            case ACK, CONFIRMATION, PROBE_ANSWER ->
                throw new IllegalArgumentException("nobody answers a " + asked.type());
        };
        write(
                type,
                asked.keyId(),
                asked.memberHash(),
                asked.incarnation(),
                asked.epoch(),
                0,
                sequence,
                sentNanos,
                0,
                asked.sequence());
    }

    /** The same answer once more, under a number and at a time of its own. */
    public void beAgain(Datagram answer, long sequence, long sentNanos) {
        write(
                answer.type(),
                answer.keyId(),
                answer.memberHash(),
                answer.incarnation(),
                answer.epoch(),
                0,
                sequence,
                sentNanos,
                0,
                answer.answeredSequence());
    }

    private void write(
            DatagramType type,
            int keyId,
            long memberHash,
            long incarnation,
            int epoch,
            int millis,
            long sequence,
            long memberSentNanos,
            long view,
            long answeredSequence) {
        buffer.putLong(0, HEAD | ((long) type.code() << 32) | ((long) (keyId & 0xFFFF) << 16));
        buffer.putLong(8, memberHash);
        buffer.putLong(16, incarnation);
        buffer.putInt(24, epoch);
        buffer.putInt(28, millis);
        buffer.putLong(32, sequence);
        buffer.putLong(40, memberSentNanos);
        buffer.putLong(48, view);
        buffer.putLong(56, answeredSequence);
        buffer.limit(BYTES).position(BYTES);
    }

    private long number(int offset) {
        return buffer.getLong(offset);
    }
}
