/** The load tool: a light client of its own, so that it leaves the processors to the nodes. */
@NullMarked
package io.groupmembership.cli.bench;

import org.jspecify.annotations.NullMarked;
