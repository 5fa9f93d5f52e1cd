/** The files that say which cluster a node belongs to, written when a cluster is made outside Kubernetes. */
@NullMarked
package io.groupmembership.protocol.cluster;

import org.jspecify.annotations.NullMarked;
