/** The system as plain processes on one machine: nodes, agents and commands that are killed, paused and damaged. */
@NullMarked
package io.groupmembership.e2e.processes;

import org.jspecify.annotations.NullMarked;
