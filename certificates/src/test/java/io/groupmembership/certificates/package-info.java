@NullMarked
package io.groupmembership.certificates;

import org.jspecify.annotations.NullMarked;
