/** Checks of the images that the build leaves, on their tars and, where an engine is, on containers. */
@NullMarked
package io.groupmembership.deploy;

import org.jspecify.annotations.NullMarked;
