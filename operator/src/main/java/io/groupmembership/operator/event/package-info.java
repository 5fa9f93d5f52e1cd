/** Events, for whoever describes an object. */
@NullMarked
package io.groupmembership.operator.event;

import org.jspecify.annotations.NullMarked;
