/** Kubernetes as the authority: its API server knows tokens, rights and the addresses of pods. */
@NullMarked
package io.groupmembership.node.access.kubernetes;

import org.jspecify.annotations.NullMarked;
