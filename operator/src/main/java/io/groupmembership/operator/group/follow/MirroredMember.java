package io.groupmembership.operator.group.follow;

import java.util.Optional;
import java.util.UUID;

/**
 * A member of a view.
 *
 * @param podUid of the pod that it says it runs in; empty for a plain process
 */
public record MirroredMember(String memberId, long incarnation, Optional<UUID> podUid) {}
