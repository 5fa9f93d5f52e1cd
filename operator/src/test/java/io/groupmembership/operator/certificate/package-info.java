@NullMarked
package io.groupmembership.operator.certificate;

import org.jspecify.annotations.NullMarked;
