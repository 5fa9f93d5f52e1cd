/** Requests to a list of servers that stand in for each other, and streams of events. */
@NullMarked
package io.groupmembership.cli.http;

import org.jspecify.annotations.NullMarked;
