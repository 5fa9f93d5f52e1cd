/** Connections that both sides know one another on: TLS 1.3 with certificates from files that may change at any time. */
@NullMarked
package io.groupmembership.protocol.tls;

import org.jspecify.annotations.NullMarked;
