/** Over what this node's ports are talked to: TLS, or plain text where that is allowed. */
@NullMarked
package io.groupmembership.node.tls;

import org.jspecify.annotations.NullMarked;
