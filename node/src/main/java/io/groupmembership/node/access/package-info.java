/**
 * Who calls, and what they may. What is decided is pure: an {@link io.groupmembership.node.access.Authority} takes
 * credentials and attributes of a request and returns an answer; the rooms that serve requests carry it out.
 */
@NullMarked
package io.groupmembership.node.access;

import org.jspecify.annotations.NullMarked;
