package io.groupmembership.membership;

import java.util.Optional;
import java.util.UUID;

/**
 * How a membership ended.
 *
 * @param view the first view without it
 * @param monitor the node that watched over it, empty where none did
 * @param committedBy the node that led when the end was agreed on
 * @param removedAtMillis when, by that node's clock; for people, no rule reads it
 * @param instance the agent's process: a late retry of its join must not bring it back
 */
public record RemovalRecord(
        GroupKey group,
        String memberId,
        long incarnation,
        long view,
        LeaveReason reason,
        String monitor,
        String committedBy,
        long removedAtMillis,
        Optional<UUID> instance,
        Evidence evidence) {}
