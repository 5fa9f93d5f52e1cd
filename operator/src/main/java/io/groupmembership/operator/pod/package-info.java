/** What the operator knows of the pods that are to be members. */
@NullMarked
package io.groupmembership.operator.pod;

import org.jspecify.annotations.NullMarked;
