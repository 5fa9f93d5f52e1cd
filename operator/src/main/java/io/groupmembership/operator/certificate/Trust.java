package io.groupmembership.operator.certificate;

import java.security.cert.X509Certificate;
import java.util.List;

/** The places where those look who verify a certificate, as they were when this was read. */
interface Trust {
    /** What all of them hold: absent where there is none yet, unreadable where they differ or one has no bundle. */
    Stored<List<X509Certificate>> bundle();

    /** Writes the bundle to all of them; false where another writer was there first. */
    boolean publish(List<X509Certificate> bundle);
}
