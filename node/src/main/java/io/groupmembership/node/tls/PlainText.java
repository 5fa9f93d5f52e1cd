package io.groupmembership.node.tls;

import io.groupmembership.node.identity.IdentityException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Whether a node may listen without TLS: on loopback, where nobody else hears it, and elsewhere where somebody has said
 * that this is meant.
 */
public final class PlainText {
    enum Decision {
        FINE,
        WARN,
        REFUSE
    }

    private PlainText() {}

    static Decision decide(boolean tls, boolean loopback, boolean insecure) {
        if (tls || loopback) {
            return Decision.FINE;
        }
        return insecure ? Decision.WARN : Decision.REFUSE;
    }

    /**
     * Ends the start of a node that nobody has allowed to be overheard.
     *
     * @param bind the address that the node listens at; a name is looked up
     * @param insecure what {@code gm.insecure} says
     * @throws IdentityException where it may not listen there
     */
    public static void check(boolean tls, String bind, boolean insecure) {
        if (decision(tls, bind, insecure) == Decision.REFUSE) {
            throw new IdentityException(
                    "it would listen at " + bind + " in plain text: set gm.tls-dir (or GM_TLS_DIR) to"
                            + " a directory with ca.crt, tls.crt and tls.key, or, where only those reach that address who may"
                            + " read and change everything, gm.insecure=true (or GM_INSECURE=true)");
        }
    }

    /** What to say at each start, where the node can be overheard. */
    public static Optional<String> warning(boolean tls, String bind, boolean insecure) {
        return decision(tls, bind, insecure) == Decision.WARN
                ? Optional.of("gm.insecure: this node listens at " + bind
                        + " in plain text; whoever reaches it reads and changes everything. Set gm.tls-dir")
                : Optional.empty();
    }

    private static Decision decision(boolean tls, String bind, boolean insecure) {
        return decide(tls, !tls && isLoopback(bind), insecure);
    }

    private static boolean isLoopback(String bind) {
        try {
            return Arrays.stream(InetAddress.getAllByName(bind)).allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException _) {
            return false;
        }
    }
}
