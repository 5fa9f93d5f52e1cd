/** What the environment says to both roles of the operator. */
@NullMarked
package io.groupmembership.operator.settings;

import org.jspecify.annotations.NullMarked;
