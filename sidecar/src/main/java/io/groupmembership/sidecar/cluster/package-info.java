/** Talking to the nodes: HTTP, server-sent events, and the JSON of the API, all read as streams. */
@NullMarked
package io.groupmembership.sidecar.cluster;

import org.jspecify.annotations.NullMarked;
