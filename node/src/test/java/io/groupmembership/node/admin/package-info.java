@NullMarked
package io.groupmembership.node.admin;

import org.jspecify.annotations.NullMarked;
