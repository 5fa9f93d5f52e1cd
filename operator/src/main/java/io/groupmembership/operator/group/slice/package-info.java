/** EndpointSlices of a Service that a group names: its members' pods are its endpoints. */
@NullMarked
package io.groupmembership.operator.group.slice;

import org.jspecify.annotations.NullMarked;
