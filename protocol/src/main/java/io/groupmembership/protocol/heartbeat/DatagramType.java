package io.groupmembership.protocol.heartbeat;

/** What a datagram is, and who may receive it: what a member sends is no news to a member. */
public enum DatagramType {
    /** A monitor asks its member for an ack. */
    PING(1, true),
    /** The member's answer to a ping. */
    ACK(2, false),
    /** The monitor has received an ack, and grants a lease for it. */
    CONFIRMATION(3, true),
    /** A node that is not the monitor asks whether it reaches the member. */
    PROBE(4, true),
    /** The member's answer to a probe. */
    PROBE_ANSWER(5, false);

    private final byte code;
    private final boolean forMember;

    DatagramType(int code, boolean forMember) {
        this.code = (byte) code;
        this.forMember = forMember;
    }

    byte code() {
        return code;
    }

    /** Whether it goes from a node to a member; else it goes from a member to a node. */
    public boolean isForMember() {
        return forMember;
    }

    /** Whether the byte stands for a type. */
    static boolean isCode(byte code) {
        return code >= PING.code && code <= PROBE_ANSWER.code;
    }

    /** @param code one that {@link #isCode} */
    static DatagramType ofCode(byte code) {
        return switch (code) {
            case 1 -> PING;
            case 2 -> ACK;
            case 3 -> CONFIRMATION;
            case 4 -> PROBE;
            case 5 -> PROBE_ANSWER;
            default -> throw new IllegalArgumentException("no type of datagram: " + code);
        };
    }
}
