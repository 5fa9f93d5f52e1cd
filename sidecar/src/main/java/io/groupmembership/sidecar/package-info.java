/** The member's agent: joins a group, answers heartbeats, leaves, and may be the parent of a command. */
@NullMarked
package io.groupmembership.sidecar;

import org.jspecify.annotations.NullMarked;
