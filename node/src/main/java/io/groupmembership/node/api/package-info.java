/** The HTTP API of a node: what is asked is checked here, and what is answered gets its form here. */
@NullMarked
package io.groupmembership.node.api;

import org.jspecify.annotations.NullMarked;
