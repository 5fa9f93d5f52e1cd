@NullMarked
package io.groupmembership.node;

import org.jspecify.annotations.NullMarked;
