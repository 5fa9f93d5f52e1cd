package io.groupmembership.node.api;

import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.media.Schema;

/** What the fields mean whose names do not say it all. */
final class FieldDescriptions {
    private static final Map<String, List<String>> REQUIRED = Map.of(
            "JoinRequest", List.of("memberId", "address"),
            "BatchJoinRequest", List.of("members"),
            "EvidenceRequest", List.of("by", "members"),
            "Ended", List.of("memberId", "incarnation", "failed", "detail"),
            "Problem", List.of("type", "title", "status", "detail"));

    private static final Map<String, Map<String, String>> DESCRIPTIONS = Map.of(
            "JoinRequest",
            Map.of(
                    "memberId",
                    "ASCII letters, digits, '.', '_' and '-', at most 253",
                    "address",
                    "where the application is reached: host:port, an IPv6 address in brackets",
                    "heartbeat",
                    "udp (answered by an agent), tcp (accepting a connection is the answer) or http (a GET is answered"
                            + " with 200 to 399); tcp if absent",
                    "heartbeatAddress",
                    "where heartbeats go, the address if absent; with http a path may follow the port",
                    "instance",
                    "a UUID that an agent draws at each start of its process; must be there with udp",
                    "replaces",
                    "the living incarnation under this memberId that the joiner takes the place of",
                    "metadata",
                    "at most 64 entries, 4 KiB of keys and values in UTF-8; keys are printable ASCII"),
            "JoinResponse",
            Map.of(
                    "incarnation",
                    "larger than that of every earlier join in the cluster: usable as a fencing token",
                    "view",
                    "the first view that has the member with this incarnation",
                    "monitor",
                    "the node that heartbeats the member; empty where no node is live"),
            "Member",
            Map.of(
                    "fenced",
                    "whether this member would be fenced before it is removed: false without an agent",
                    "monitor",
                    "the node that heartbeats the member; empty where no node is live"),
            "View",
            Map.of(
                    "view", "grows by one with each change",
                    "leader", "the first member; absent in an empty view",
                    "members", "in join order"),
            "Policy",
            Map.of(
                    "intervalMillis", "the time between two heartbeats, 100 to 60,000; 5,000 by default",
                    "misses", "how many unanswered heartbeats in a row mean crashed, 1 to 10; 3 by default",
                    "maxMembers", "how large the group may grow, 1 to 1,000,000; 100,000 by default"),
            "Removal",
            Map.of(
                    "view", "the first view without the member",
                    "reason", "left, crashed, evicted or replaced",
                    "committedBy", "the node that led when the removal was agreed on",
                    "removedAt", "by the clock of that node, RFC 3339 in UTC",
                    "lastAckMillisAgo", "how long the member had been silent; absent where silence was not the reason"),
            "Node",
            Map.of(
                    "udp", "where heartbeats come from, host:port",
                    "hashKey", "MD5 of nodeId, address and cluster name: the place of the node on the hash ring",
                    "role", "leader or follower, or candidate where the node that answers sees itself so",
                    "live", "whether the node takes part in monitoring",
                    "members", "how many members it monitors"),
            "EvidenceRequest",
            Map.of("by", "who says so, as the record of the removal shows it", "members", "at most 1,000"),
            "Ended",
            Map.of(
                    "incarnation", "the one whose process has ended; another one under this memberId stays",
                    "failed", "whether it ended by a crash (crashed); else it has left (left)",
                    "detail", "what was reported, at most 64 characters"),
            "Problem",
            Map.of(
                    "type", "urn:groupmembership:problem: and a short code that never changes",
                    "field", "the field, header or parameter that is wrong, as in members[3].address",
                    "incarnation", "the one that lives, where a join or leave met another"));

    private FieldDescriptions() {}

    static void addTo(OpenAPI api) {
        Map<String, Schema> schemas = api.getComponents().getSchemas();
        REQUIRED.forEach((schema, fields) -> {
            if (schemas.containsKey(schema)) {
                schemas.get(schema).setRequired(fields);
            }
        });
        DESCRIPTIONS.forEach((schema, fields) -> {
            if (schemas.containsKey(schema)) {
                Map<String, Schema> properties = schemas.get(schema).getProperties();
                fields.forEach((field, description) -> {
                    if (properties.containsKey(field)) {
                        properties.get(field).setDescription(description);
                    }
                });
            }
        });
    }
}
