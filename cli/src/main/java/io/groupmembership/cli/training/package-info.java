/** What the launcher runs after a build, so that later starts are fast. */
@NullMarked
package io.groupmembership.cli.training;

import org.jspecify.annotations.NullMarked;
