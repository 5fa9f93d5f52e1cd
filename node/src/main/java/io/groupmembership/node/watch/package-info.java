/**
 * Streams of changes, as server-sent events.
 *
 * <p>A change goes from the thread that applies it to one fan-out thread, is encoded there once, and goes from there
 * to the event loops, each of which writes it to its own watchers. Every hand-over is bounded; what a slow reader or
 * a full queue misses is read from the state's history again.
 */
@NullMarked
package io.groupmembership.node.watch;

import org.jspecify.annotations.NullMarked;
