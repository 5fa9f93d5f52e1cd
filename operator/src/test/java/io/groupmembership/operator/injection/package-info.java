@NullMarked
package io.groupmembership.operator.injection;

import org.jspecify.annotations.NullMarked;
