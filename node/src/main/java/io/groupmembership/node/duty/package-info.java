/** From the replicated state to the failure detector, and back: whom this node monitors, and who is gone. */
@NullMarked
package io.groupmembership.node.duty;

import org.jspecify.annotations.NullMarked;
