/** The way of the heartbeats into the process and out of it, and what is answered to them. */
@NullMarked
package io.groupmembership.sidecar.heartbeat;

import org.jspecify.annotations.NullMarked;
