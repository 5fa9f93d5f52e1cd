/** What the agent serves to its own application. */
@NullMarked
package io.groupmembership.sidecar.localapi;

import org.jspecify.annotations.NullMarked;
