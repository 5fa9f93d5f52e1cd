/** Informers that keep of each object what the operator needs, and nothing else. */
@NullMarked
package io.groupmembership.operator.informer;

import org.jspecify.annotations.NullMarked;
