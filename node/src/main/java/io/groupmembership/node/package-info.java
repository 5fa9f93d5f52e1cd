/** A node of the group membership service. */
@NullMarked
package io.groupmembership.node;

import org.jspecify.annotations.NullMarked;
