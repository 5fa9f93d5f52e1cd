@NullMarked
package io.groupmembership.node.tls;

import org.jspecify.annotations.NullMarked;
