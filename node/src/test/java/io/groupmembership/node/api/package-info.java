@NullMarked
package io.groupmembership.node.api;

import org.jspecify.annotations.NullMarked;
