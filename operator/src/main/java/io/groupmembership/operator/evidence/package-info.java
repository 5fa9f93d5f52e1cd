/** What kubelets report of containers, as evidence for the nodes: a process that has ended needs no more heartbeats. */
@NullMarked
package io.groupmembership.operator.evidence;

import org.jspecify.annotations.NullMarked;
