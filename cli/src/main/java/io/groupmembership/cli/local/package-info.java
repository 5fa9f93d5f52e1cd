/** A cluster of node processes on this machine: its files, its ports, its processes. */
@NullMarked
package io.groupmembership.cli.local;

import org.jspecify.annotations.NullMarked;
