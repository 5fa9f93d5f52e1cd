/** The system as its clients see it, whatever its nodes run on. */
@NullMarked
package io.groupmembership.e2e.client;

import org.jspecify.annotations.NullMarked;
