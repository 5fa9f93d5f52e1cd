package io.groupmembership.operator.certificate;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What is there of the three objects that a rotation moves.
 *
 * @param trust the bundle that the API servers trust, which stands in the webhook's configuration: absent where there is
 *     no such configuration, unreadable where there is no bundle in it
 */
record CertificateState(Stored<List<X509Certificate>> trust, Stored<Serving> serving, Stored<Authority> authority) {}
