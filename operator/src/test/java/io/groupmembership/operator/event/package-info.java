@NullMarked
package io.groupmembership.operator.event;

import org.jspecify.annotations.NullMarked;
