/** Injection: what a pod with our label gets, decided as a pure function and answered as an admission webhook. */
@NullMarked
package io.groupmembership.operator.injection;

import org.jspecify.annotations.NullMarked;
