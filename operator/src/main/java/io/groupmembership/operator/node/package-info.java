/** Requests to the nodes of a cluster that any of them can answer. */
@NullMarked
package io.groupmembership.operator.node;

import org.jspecify.annotations.NullMarked;
