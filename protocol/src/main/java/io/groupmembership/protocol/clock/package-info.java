/** The clock that leases are measured with. */
@NullMarked
package io.groupmembership.protocol.clock;

import org.jspecify.annotations.NullMarked;
