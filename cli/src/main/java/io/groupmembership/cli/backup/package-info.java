/** The state of a cluster in a file, and another cluster from it. */
@NullMarked
package io.groupmembership.cli.backup;

import org.jspecify.annotations.NullMarked;
