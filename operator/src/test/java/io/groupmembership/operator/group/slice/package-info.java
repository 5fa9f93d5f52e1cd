@NullMarked
package io.groupmembership.operator.group.slice;

import org.jspecify.annotations.NullMarked;
