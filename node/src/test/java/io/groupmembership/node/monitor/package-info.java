@NullMarked
package io.groupmembership.node.monitor;

import org.jspecify.annotations.NullMarked;
