/** The heartbeat as it travels, version 2: its 80 bytes, their seal, and the keys that they are sealed with. */
@NullMarked
package io.groupmembership.protocol.heartbeat;

import org.jspecify.annotations.NullMarked;
