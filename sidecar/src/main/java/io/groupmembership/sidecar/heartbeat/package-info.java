/** Answering the monitor's pings. */
@NullMarked
package io.groupmembership.sidecar.heartbeat;

import org.jspecify.annotations.NullMarked;
