@org.jspecify.annotations.NullMarked
package io.groupmembership.node.access.kubernetes;
