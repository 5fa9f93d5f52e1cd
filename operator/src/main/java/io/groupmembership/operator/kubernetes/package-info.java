/** How this operator writes to the API server. */
@NullMarked
package io.groupmembership.operator.kubernetes;

import org.jspecify.annotations.NullMarked;
