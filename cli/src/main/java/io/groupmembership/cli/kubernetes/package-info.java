/** Clusters on Kubernetes, reached with kubectl. */
@NullMarked
package io.groupmembership.cli.kubernetes;

import org.jspecify.annotations.NullMarked;
