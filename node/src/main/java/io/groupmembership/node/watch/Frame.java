package io.groupmembership.node.watch;

import io.vertx.core.buffer.Buffer;

/**
 * One or more whole events as they are written, shared by all who get them.
 *
 * @param first the number of the first event: a watcher of a group can take the frame if it has the view before it
 * @param number what a watcher has that got it: a view number, or a log index
 * @param events how many they are
 */
record Frame(long first, long number, Buffer bytes, int events) {}
