/** How answers are shown: tables, JSON, durations. */
@NullMarked
package io.groupmembership.cli.show;

import org.jspecify.annotations.NullMarked;
