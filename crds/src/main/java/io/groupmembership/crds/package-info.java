/** The custom resources of groupmembership.io/v1alpha1 as values: what a person asks for, and what the operator found. */
@NullMarked
package io.groupmembership.crds;

import org.jspecify.annotations.NullMarked;
