package io.groupmembership.protocol.tls;

/** The groups (O) of a certificate's subject that nodes themselves go by. */
public final class PeerGroups {
    /** Of nodes. */
    public static final String NODES = "groupmembership.io:nodes";

    /** Of those who may do everything, the operator among them. */
    public static final String ADMINISTRATORS = "groupmembership.io:admins";

    private PeerGroups() {}
}
