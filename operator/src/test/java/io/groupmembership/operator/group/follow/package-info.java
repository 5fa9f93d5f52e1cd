@NullMarked
package io.groupmembership.operator.group.follow;

import org.jspecify.annotations.NullMarked;
