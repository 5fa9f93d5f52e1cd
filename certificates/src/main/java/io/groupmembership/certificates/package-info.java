/** Certificates and those who sign them (RFC 5280). */
@NullMarked
package io.groupmembership.certificates;

import org.jspecify.annotations.NullMarked;
