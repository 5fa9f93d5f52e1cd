/** The operator's process: which of its roles it has, and what it is made of. */
@NullMarked
package io.groupmembership.operator;

import org.jspecify.annotations.NullMarked;
