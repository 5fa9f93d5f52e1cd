@NullMarked
package io.groupmembership.operator.group;

import org.jspecify.annotations.NullMarked;
