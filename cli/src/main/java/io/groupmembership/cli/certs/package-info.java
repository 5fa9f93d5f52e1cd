/** A CA and its certificates, in a directory. */
@NullMarked
package io.groupmembership.cli.certs;

import org.jspecify.annotations.NullMarked;
