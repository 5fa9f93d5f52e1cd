@NullMarked
package io.groupmembership.node.duty;

import org.jspecify.annotations.NullMarked;
