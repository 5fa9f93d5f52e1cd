@NullMarked
package io.groupmembership.cli.certs;

import org.jspecify.annotations.NullMarked;
