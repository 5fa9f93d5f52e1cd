/** The file that a cluster's state is kept in, outside the cluster. */
@NullMarked
package io.groupmembership.protocol.backup;

import org.jspecify.annotations.NullMarked;
