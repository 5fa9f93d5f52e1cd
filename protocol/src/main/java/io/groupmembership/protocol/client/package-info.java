/** For applications: whether their process may act as a member, answered without asking anybody. */
@NullMarked
package io.groupmembership.protocol.client;

import org.jspecify.annotations.NullMarked;
