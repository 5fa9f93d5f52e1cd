/** The records of the HTTP API, in the shape that they have as JSON. Absent values are null. */
@NullMarked
package io.groupmembership.protocol.api;

import org.jspecify.annotations.NullMarked;
