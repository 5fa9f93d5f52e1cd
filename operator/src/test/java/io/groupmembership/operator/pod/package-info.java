@NullMarked
package io.groupmembership.operator.pod;

import org.jspecify.annotations.NullMarked;
