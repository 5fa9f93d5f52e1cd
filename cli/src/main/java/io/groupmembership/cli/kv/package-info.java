/** Commands about keys and values. */
@NullMarked
package io.groupmembership.cli.kv;

import org.jspecify.annotations.NullMarked;
