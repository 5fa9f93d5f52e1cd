/** Commands about groups, members and nodes. */
@NullMarked
package io.groupmembership.cli.view;

import org.jspecify.annotations.NullMarked;
