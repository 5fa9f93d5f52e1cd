@NullMarked
package io.groupmembership.operator.informer;

import org.jspecify.annotations.NullMarked;
