package io.groupmembership.node.api;

import io.groupmembership.membership.Evidence;
import io.groupmembership.protocol.Names;
import io.groupmembership.protocol.api.EvidenceRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What evidence must look like before it counts. */
final class EvidenceValidation {
    static final int MOST_MEMBERS = 1_000;

    private EvidenceValidation() {}

    /** Evidence that was checked. */
    record Ended(String by, String memberId, long incarnation, boolean failed, String detail) {}

    static List<Ended> ended(EvidenceRequest request) {
        String by = text("by", request.by());
        List<EvidenceRequest.@Nullable Ended> members = request.members();
        if (members == null) {
            throw Problems.invalidField("members", "must be there");
        }
        if (members.isEmpty() || members.size() > MOST_MEMBERS) {
            throw Problems.invalidField(
                    "members", "must have 1 to " + MOST_MEMBERS + " entries, and has " + members.size());
        }
        List<Ended> checked = new ArrayList<>(members.size());
        Set<String> memberIds = new HashSet<>();
        for (int i = 0; i < members.size(); i++) {
            String field = "members[" + i + "]";
            EvidenceRequest.Ended member = members.get(i);
            if (member == null) {
                throw Problems.invalidField(field, "must not be null");
            }
            Ended one = ended(field, by, member);
            if (!memberIds.add(one.memberId())) {
                throw Problems.invalidField(field + ".memberId", "must not come twice");
            }
            checked.add(one);
        }
        return checked;
    }

    private static Ended ended(String field, String by, EvidenceRequest.Ended member) {
        String memberId = member.memberId();
        if (memberId == null) {
            throw Problems.invalidField(field + ".memberId", "must be there");
        }
        Optional<String> problem = Names.memberIdProblem(memberId);
        if (problem.isPresent()) {
            throw Problems.invalidField(field + ".memberId", problem.get());
        }
        Long incarnation = member.incarnation();
        if (incarnation == null || incarnation < 1) {
            throw Problems.invalidField(field + ".incarnation", "must be there, and 1 or more");
        }
        Boolean failed = member.failed();
        if (failed == null) {
            throw Problems.invalidField(field + ".failed", "must be there");
        }
        return new Ended(by, memberId, incarnation, failed, text(field + ".detail", member.detail()));
    }

    private static String text(String field, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            throw Problems.invalidField(field, "must be there, and not empty");
        }
        if (text.length() > Evidence.MAX_TEXT) {
            throw Problems.invalidField(field, "must have at most " + Evidence.MAX_TEXT + " characters");
        }
        if (MetadataRules.utf8Bytes(text) < 0) {
            throw Problems.invalidField(field, "must be text that UTF-8 can carry");
        }
        return text;
    }
}
