package io.groupmembership.node.api;

import io.groupmembership.membership.Command.Joiner;
import io.groupmembership.membership.MemberSpec;
import io.groupmembership.protocol.HeartbeatMode;
import io.groupmembership.protocol.HostPort;
import io.groupmembership.protocol.Limits;
import io.groupmembership.protocol.Names;
import io.groupmembership.protocol.api.BatchJoinRequest;
import io.groupmembership.protocol.api.JoinRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a request to join must look like before it is proposed. Pure: either a joiner comes out, or a problem that names
 * the first field which is wrong.
 *
 * <p>Mode udp is answered by an agent, and an agent has an instance: without one, a retry could not be told from a
 * second process.
 */
final class JoinValidation {
    private static final int UUID_CHARACTERS = 36;

    private JoinValidation() {}

    static Joiner joiner(JoinRequest request) {
        String memberId = required("memberId", request.memberId());
        Names.memberIdProblem(memberId).ifPresent(phrase -> {
            throw Problems.invalidField("memberId", phrase);
        });
        String address = required("address", request.address());
        hostPort("address", address);
        HeartbeatMode mode = mode("heartbeat", request.heartbeat());
        String heartbeatAddress = heartbeatAddress("heartbeatAddress", mode, request.heartbeatAddress(), address);
        Optional<UUID> instance = instance("instance", request.instance());
        if (mode == HeartbeatMode.UDP && instance.isEmpty()) {
            throw Problems.invalidField("instance", "must be there with the heartbeat mode udp");
        }
        Long replaces = request.replaces();
        if (replaces != null && replaces < 1) {
            throw Problems.invalidField("replaces", "must be an incarnation, 1 or more");
        }
        Map<String, String> metadata = MetadataRules.check("metadata", request.metadata());
        return new Joiner(
                MemberSpec.of(memberId, address, mode, heartbeatAddress, instance, metadata),
                replaces == null ? OptionalLong.empty() : OptionalLong.of(replaces));
    }

    /** The joiners of a batch in order; the field of a problem is as in {@code members[3].address}. */
    static List<Joiner> joiners(BatchJoinRequest batch) {
        List<@Nullable JoinRequest> members = batch.members();
        if (members == null) {
            throw Problems.invalidField("members", "must be there");
        }
        if (members.isEmpty() || members.size() > Limits.BATCH_MEMBERS) {
            throw Problems.invalidField(
                    "members", "must have 1 to " + Limits.BATCH_MEMBERS + " members, and has " + members.size());
        }
        List<Joiner> joiners = new ArrayList<>(members.size());
        Set<String> memberIds = HashSet.newHashSet(members.size());
        for (int i = 0; i < members.size(); i++) {
            JoinRequest member = members.get(i);
            if (member == null) {
                throw Problems.invalidField("members[" + i + "]", "must not be null");
            }
            try {
                joiners.add(joiner(member));
            } catch (ProblemException e) {
                throw inBatch(i, e);
            }
            if (!memberIds.add(String.valueOf(member.memberId()))) {
                throw Problems.invalidField(
                        "members[" + i + "].memberId", "must not come twice in a batch: " + member.memberId());
            }
        }
        return joiners;
    }

    /** Field names in a batch are made where something is wrong only: most batches need none. */
    private static ProblemException inBatch(int index, ProblemException e) {
        String field = String.valueOf(e.problem().field());
        String phrase = e.problem().detail().substring(field.length() + 1);
        return Problems.invalidField("members[" + index + "]." + field, phrase);
    }

    private static HeartbeatMode mode(String field, @Nullable String word) {
        return word == null
                ? HeartbeatMode.TCP
                : HeartbeatMode.ofWord(word)
                        .orElseThrow(() -> Problems.invalidField(field, "must be udp, tcp or http"));
    }

    private static String heartbeatAddress(
            String field, HeartbeatMode mode, @Nullable String heartbeatAddress, String address) {
        if (heartbeatAddress == null) {
            return address;
        }
        int slash = mode == HeartbeatMode.HTTP ? heartbeatAddress.indexOf('/') : -1;
        if (slash < 0) {
            hostPort(field, heartbeatAddress);
            return heartbeatAddress;
        }
        if (heartbeatAddress.length() > Limits.ADDRESS_CHARACTERS) {
            throw Problems.invalidField(field, "must have at most " + Limits.ADDRESS_CHARACTERS + " characters");
        }
        hostPort(field, heartbeatAddress.substring(0, slash));
        if (!heartbeatAddress.chars().skip(slash).allMatch(c -> c > ' ' && c <= '~' && c != '#')) {
            throw Problems.invalidField(field, "must have a path of printable ASCII");
        }
        return heartbeatAddress;
    }

    private static Optional<UUID> instance(String field, @Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        return Optional.of(uuid(text).orElseThrow(() -> Problems.invalidField(field, "must be a UUID")));
    }

    /** A problem that names the parameter where it is no UUID. */
    static UUID instanceParameter(String text) {
        return uuid(text).orElseThrow(() -> Problems.invalidParameter("instance", "must be a UUID"));
    }

    private static Optional<UUID> uuid(String text) {
        try {
            UUID uuid = UUID.fromString(text);
            return text.length() == UUID_CHARACTERS ? Optional.of(uuid) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static void hostPort(String field, String text) {
        try {
            HostPort.parse(text);
        } catch (IllegalArgumentException e) {
            throw Problems.invalidField(field, String.valueOf(e.getMessage()));
        }
    }

    private static String required(String field, @Nullable String value) {
        if (value == null) {
            throw Problems.invalidField(field, "must be there");
        }
        return value;
    }
}
