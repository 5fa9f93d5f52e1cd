/** What travels between nodes, members and clients: names, limits, API records and heartbeat datagrams. */
@NullMarked
package io.groupmembership.protocol;

import org.jspecify.annotations.NullMarked;
