/** What the probes at {@code /q/health} say of this node. */
@NullMarked
package io.groupmembership.node.health;

import org.jspecify.annotations.NullMarked;
