package io.groupmembership.sidecar.cluster;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * What one event of a group's stream says that matters to one member, whatever else it lists.
 *
 * @param full whether the event lists the whole view (snapshot, reset) or one change (view)
 * @param view the view's number
 * @param leader the memberId of the leader in that view, null where there is none
 * @param listed the incarnation under which the view lists the memberId, or the change has it joined; 0 where neither
 * @param leftReason why the member's own incarnation left, null where the event does not say so
 */
public record GroupEvent(
        boolean full,
        long view,
        @Nullable String leader,
        long listed,
        @Nullable String leftReason) {
    /**
     * Reads a View or a ViewChange as a stream, and keeps nothing of other members.
     *
     * @throws IOException where it is neither
     */
    public static GroupEvent read(InputStream data, String memberId, long incarnation) throws IOException {
        boolean full = false;
        long view = -1;
        String leader = null;
        long listed = 0;
        String leftReason = null;
        try (JsonParser json = ClusterJson.parser(data)) {
            ClusterJson.expect(json.nextToken() == JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken value = json.nextToken();
                if (field.equals("view") && value == JsonToken.VALUE_NUMBER_INT) {
                    view = json.getLongValue();
                } else if (field.equals("leader")) {
                    leader = value == JsonToken.VALUE_STRING ? json.getText() : null;
                } else if ((field.equals("members") || field.equals("joined")) && value == JsonToken.START_ARRAY) {
                    full |= field.equals("members");
                    while (json.nextToken() == JsonToken.START_OBJECT) {
                        Entry entry = Entry.read(json);
                        listed = memberId.equals(entry.memberId) ? entry.incarnation : listed;
                    }
                } else if (field.equals("left") && value == JsonToken.START_ARRAY) {
                    while (json.nextToken() == JsonToken.START_OBJECT) {
                        Entry entry = Entry.read(json);
                        boolean own = memberId.equals(entry.memberId) && entry.incarnation == incarnation;
                        leftReason = own ? entry.reason : leftReason;
                    }
                } else {
                    json.skipChildren();
                }
            }
            ClusterJson.expect(json.currentToken() == JsonToken.END_OBJECT && view >= 0);
        }
        return new GroupEvent(full, view, leader, listed, leftReason);
    }

    /** One element of members, joined or left. */
    private record Entry(@Nullable String memberId, long incarnation, String reason) {
        static Entry read(JsonParser json) throws IOException {
            String memberId = null;
            long incarnation = 0;
            String reason = "";
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "memberId" -> memberId = ClusterJson.text(json);
                    case "incarnation" -> incarnation = ClusterJson.number(json);
                    case "reason" -> reason = ClusterJson.text(json);
                    default -> json.skipChildren();
                }
            }
            return new Entry(memberId, incarnation, reason);
        }
    }
}
