package io.groupmembership.cli.bench;

import io.groupmembership.cli.http.ApiClient;
import io.groupmembership.cli.http.ApiPath;
import io.groupmembership.cli.http.Refusal;
import io.groupmembership.cli.http.Request;
import io.groupmembership.cli.show.Json;
import io.groupmembership.protocol.Limits;
import io.groupmembership.protocol.api.EvidenceRequest;
import io.groupmembership.protocol.api.Member;
import io.groupmembership.protocol.api.Policy;
import io.groupmembership.protocol.api.View;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * A group that the load tool fills. Its policy makes heartbeats rare, so that they cost the measurement little: one a
 * minute, and ten misses.
 *
 * @param name {@code bench-} and random letters
 * @param heartbeatAddress where its members' heartbeats go
 * @param identity the header line by which this caller is known, if there is one
 */
record BenchGroup(String name, String heartbeatAddress, List<String> identity) {
    private static final Policy PATIENT = new Policy(60_000L, 10, Limits.MAX_MEMBERS);

    /** As many as nodes take. */
    private static final int ENDED_AT_ONCE = 1_000;

    private static final String NAMESPACE = "default";

    /** Makes the group's policy; its first join makes the group. */
    static BenchGroup make(ApiClient client, String heartbeatAddress) {
        String name = "bench-"
                + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36)
                        .toLowerCase(Locale.ROOT);
        BenchGroup group = new BenchGroup(
                name,
                heartbeatAddress,
                client.connector().authorization().stream()
                        .map(value -> "Authorization: " + value)
                        .toList());
        group.put(PATIENT, client);
        return group;
    }

    /**
     * Takes every member out, by the word that their processes have ended: a leave by another than the member would wait
     * for leases of ten minutes.
     */
    void empty(ApiClient client) {
        List<EvidenceRequest.Ended> ended = new ArrayList<>();
        for (Member member : view(client).members()) {
            ended.add(new EvidenceRequest.Ended(member.memberId(), member.incarnation(), false, "the load was over"));
            if (ended.size() == ENDED_AT_ONCE) {
                give(ended, client);
            }
        }
        give(ended, client);
    }

    private void give(List<EvidenceRequest.Ended> ended, ApiClient client) {
        if (!ended.isEmpty()) {
            EvidenceRequest evidence = new EvidenceRequest("gm-bench", List.copyOf(ended));
            Refusal.orAnswer(client.send(Request.write("POST", path() + "/evidence", Json.write(evidence))));
            ended.clear();
        }
    }

    private void put(Policy policy, ApiClient client) {
        Refusal.orAnswer(client.send(Request.write("PUT", ApiPath.policy(NAMESPACE, name), Json.write(policy))));
    }

    String path() {
        return ApiPath.group(NAMESPACE, name);
    }

    /** The view, by a linearizable read. */
    View view(ApiClient client) {
        return Json.read(Refusal.orAnswer(client.send(Request.get(path()))).body(), View.class);
    }

    /** One join; its slots are the request's number (in the idempotency key) and the member's number, twice. */
    RequestTemplate join(URI server) {
        return RequestTemplate.of("POST", path() + "/members", server.getAuthority(), with(idempotencyKey()), member());
    }

    /** The join of a member without an agent; its slot is the member's number. */
    RequestTemplate plainJoin(URI server) {
        String body =
                "{\"memberId\":\"m" + RequestTemplate.slot() + "\",\"address\":\"127.0.0.1:9\",\"heartbeat\":\"tcp\"}";
        return RequestTemplate.of("POST", path() + "/members", server.getAuthority(), identity, body);
    }

    /** The leave of such a member. */
    RequestTemplate leave(URI server) {
        return RequestTemplate.of(
                "DELETE", path() + "/members/m" + RequestTemplate.slot(), server.getAuthority(), identity, "");
    }

    /** Many joins; after the request's number, two slots for each member. */
    RequestTemplate batch(URI server, int members) {
        String body = "{\"members\":[" + String.join(",", java.util.Collections.nCopies(members, member())) + "]}";
        return RequestTemplate.of(
                "POST", path() + "/members:batch", server.getAuthority(), with(idempotencyKey()), body);
    }

    /** A linearizable read of the view. */
    RequestTemplate read(URI server) {
        return RequestTemplate.of("GET", path(), server.getAuthority(), identity, "");
    }

    /** A stream of the group's changes. */
    RequestTemplate watch(URI server) {
        return RequestTemplate.of(
                "GET", path() + "?watch=true", server.getAuthority(), with("Accept: text/event-stream"), "");
    }

    static String memberId(long number) {
        return String.format(Locale.ROOT, "m%0" + RequestTemplate.SLOT_DIGITS + "d", number);
    }

    private List<String> with(String header) {
        return Stream.concat(Stream.of(header), identity.stream()).toList();
    }

    private static String idempotencyKey() {
        return "Idempotency-Key: " + UUID.randomUUID() + "-" + RequestTemplate.slot();
    }

    private String member() {
        return "{\"memberId\":\"m" + RequestTemplate.slot() + "\",\"address\":\"127.0.0.1:9\",\"heartbeat\":\"udp\","
                + "\"heartbeatAddress\":\"" + heartbeatAddress + "\",\"instance\":\"00000000-0000-4000-8000-000"
                + RequestTemplate.slot() + "\"}";
    }
}
