package io.groupmembership.cli.bench;

import io.groupmembership.cli.http.ApiClient;
import io.groupmembership.cli.http.ApiPath;
import io.groupmembership.cli.http.Refusal;
import io.groupmembership.cli.http.Request;
import io.groupmembership.cli.show.Json;
import io.groupmembership.protocol.Limits;
import io.groupmembership.protocol.api.Policy;
import io.groupmembership.protocol.api.View;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A group that the load tool fills. Its policy makes heartbeats rare, so that they cost the measurement little: one a
 * minute, and ten misses.
 *
 * @param name {@code bench-} and random letters
 * @param heartbeatAddress where its members' heartbeats go
 */
record BenchGroup(String name, String heartbeatAddress) {
    static final long INTERVAL_MILLIS = 60_000;
    static final int MISSES = 10;
    private static final String NAMESPACE = "default";

    /** Makes the group's policy; its first join makes the group. */
    static BenchGroup make(ApiClient client, String heartbeatAddress) {
        String name = "bench-"
                + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36)
                        .toLowerCase(Locale.ROOT);
        Policy policy = new Policy(INTERVAL_MILLIS, MISSES, Limits.MAX_MEMBERS);
        Refusal.orAnswer(client.send(Request.write("PUT", ApiPath.policy(NAMESPACE, name), Json.write(policy))));
        return new BenchGroup(name, heartbeatAddress);
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
        return RequestTemplate.of(
                "POST", path() + "/members", server.getAuthority(), List.of(idempotencyKey()), member());
    }

    /** Many joins; after the request's number, two slots for each member. */
    RequestTemplate batch(URI server, int members) {
        String body = "{\"members\":[" + String.join(",", java.util.Collections.nCopies(members, member())) + "]}";
        return RequestTemplate.of(
                "POST", path() + "/members:batch", server.getAuthority(), List.of(idempotencyKey()), body);
    }

    /** A linearizable read of the view. */
    RequestTemplate read(URI server) {
        return RequestTemplate.of("GET", path(), server.getAuthority(), List.of(), "");
    }

    /** One leave; its slots are the member's number and the request's. */
    RequestTemplate leave(URI server) {
        String member = path() + "/members/m" + RequestTemplate.slot();
        return RequestTemplate.of("DELETE", member, server.getAuthority(), List.of(idempotencyKey()), "");
    }

    /** A stream of the group's changes. */
    RequestTemplate watch(URI server) {
        return RequestTemplate.of(
                "GET", path() + "?watch=true", server.getAuthority(), List.of("Accept: text/event-stream"), "");
    }

    static String memberId(long number) {
        return String.format(Locale.ROOT, "m%0" + RequestTemplate.SLOT_DIGITS + "d", number);
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
