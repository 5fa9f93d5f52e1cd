/** A membership from join to end: the decisions, and the loop that carries them out. */
@NullMarked
package io.groupmembership.sidecar.member;

import org.jspecify.annotations.NullMarked;
