/** The system on a real Kubernetes. */
@org.jspecify.annotations.NullMarked
package io.groupmembership.e2e.kubernetes;
