/** The command gm: it starts a cluster on this machine, asks one, and loads one. */
@NullMarked
package io.groupmembership.cli;

import org.jspecify.annotations.NullMarked;
