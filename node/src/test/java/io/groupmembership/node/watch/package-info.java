@NullMarked
package io.groupmembership.node.watch;

import org.jspecify.annotations.NullMarked;
