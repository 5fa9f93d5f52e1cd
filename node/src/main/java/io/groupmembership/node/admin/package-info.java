/** The admin port: changes of the Raft group, for operators. It is not open to clients. */
@NullMarked
package io.groupmembership.node.admin;

import org.jspecify.annotations.NullMarked;
