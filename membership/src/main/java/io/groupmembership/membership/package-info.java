/**
 * The rules: what the cluster remembers, and how each command changes it. No I/O, no thread and no clock in here: the
 * same commands in the same order give the same state on every node, and in a simulator.
 */
@NullMarked
package io.groupmembership.membership;

import org.jspecify.annotations.NullMarked;
