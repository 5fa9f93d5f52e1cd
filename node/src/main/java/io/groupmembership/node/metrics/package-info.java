/** The figures at {@code /q/metrics}. */
@NullMarked
package io.groupmembership.node.metrics;

import org.jspecify.annotations.NullMarked;
