package io.groupmembership.node.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.GroupView;
import io.groupmembership.membership.Member;
import io.groupmembership.membership.ViewChange;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes views and their changes as {@link io.groupmembership.protocol.api.View} and {@link
 * io.groupmembership.protocol.api.ViewChange} are in JSON, straight from the state: a view may have a million members,
 * and an object for each would cost more than the text.
 */
public final class ViewJson {
    private ViewJson() {}

    public static void writeView(JsonGenerator json, GroupView view, MonitorNames monitors) throws IOException {
        begin(json, view.group(), view.view(), view.leader());
        json.writeArrayFieldStart("members");
        writeMembers(json, view.members(), monitors);
        json.writeEndArray();
        json.writeEndObject();
    }

    public static void writeChange(JsonGenerator json, ViewChange change, MonitorNames monitors) throws IOException {
        begin(json, change.group(), change.view(), change.leader());
        json.writeArrayFieldStart("joined");
        writeMembers(json, change.joined(), monitors);
        json.writeEndArray();
        json.writeArrayFieldStart("left");
        for (ViewChange.Left left : change.left()) {
            json.writeStartObject();
            json.writeStringField("memberId", left.member().memberId());
            json.writeNumberField("incarnation", left.member().incarnation());
            json.writeStringField("reason", left.reason().word());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void begin(JsonGenerator json, GroupKey group, long view, Optional<String> leader)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("namespace", group.namespace());
        json.writeStringField("group", group.name());
        json.writeNumberField("view", view);
        if (leader.isPresent()) {
            json.writeStringField("leader", leader.get());
        }
    }

    private static void writeMembers(JsonGenerator json, List<Member> members, MonitorNames monitors)
            throws IOException {
        for (Member member : members) {
            json.writeStartObject();
            json.writeStringField("memberId", member.memberId());
            json.writeStringField("address", member.spec().address());
            json.writeNumberField("incarnation", member.incarnation());
            json.writeStringField("monitor", monitors.of(member.monitorSlot()));
            json.writeBooleanField("fenced", member.spec().hasAgent());
            json.writeObjectFieldStart("metadata");
            for (Map.Entry<String, String> entry : member.spec().metadata().entrySet()) {
                json.writeStringField(entry.getKey(), entry.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        }
    }
}
