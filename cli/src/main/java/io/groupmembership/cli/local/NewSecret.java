package io.groupmembership.cli.local;

import java.security.SecureRandom;
import java.util.Base64;

/** The secret of a new cluster, which its heartbeats are sealed with. */
final class NewSecret {
    private static final int BYTES = 32;

    private NewSecret() {}

    /** The text of a file of secrets with one of 32 random bytes, and what the file is. */
    static String text() {
        byte[] secret = new byte[BYTES];
        new SecureRandom().nextBytes(secret);
        return "# The cluster's secrets, with which heartbeats are sealed: a key id and Base64 a line, the last in use."
                + " To change it, append a line with another id; the nodes use it five minutes later, and then the old"
                + " line may go.\n1 " + Base64.getEncoder().encodeToString(secret) + "\n";
    }
}
