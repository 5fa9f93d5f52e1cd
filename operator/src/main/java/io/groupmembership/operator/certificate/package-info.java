/** The webhook's certificate: made, published and rotated by the operator, so that nobody has to install another one. */
@NullMarked
package io.groupmembership.operator.certificate;

import org.jspecify.annotations.NullMarked;
