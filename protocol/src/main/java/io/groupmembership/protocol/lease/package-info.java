/**
 * Who may believe what for how long: time is an argument, in nanoseconds of a clock that counts suspension and that
 * nobody sets.
 */
@NullMarked
package io.groupmembership.protocol.lease;

import org.jspecify.annotations.NullMarked;
