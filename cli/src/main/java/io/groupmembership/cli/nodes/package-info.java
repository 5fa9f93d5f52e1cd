/** Changes of which nodes a cluster has, outside Kubernetes. */
@NullMarked
package io.groupmembership.cli.nodes;

import org.jspecify.annotations.NullMarked;
