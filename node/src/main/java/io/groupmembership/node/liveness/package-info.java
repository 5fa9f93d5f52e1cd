/** Which nodes are alive, as far as monitoring goes. */
@NullMarked
package io.groupmembership.node.liveness;

import org.jspecify.annotations.NullMarked;
