/** The command that an agent is the parent of, and the signals it passes on. */
@NullMarked
package io.groupmembership.sidecar.command;

import org.jspecify.annotations.NullMarked;
