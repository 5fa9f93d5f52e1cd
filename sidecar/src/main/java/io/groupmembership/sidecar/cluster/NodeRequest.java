package io.groupmembership.sidecar.cluster;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request to a node.
 *
 * @param path with its query, made of names that need no escaping
 * @param headers whole header lines
 * @param body JSON, or null
 */
public record NodeRequest(
        String method,
        String path,
        List<String> headers,
        @Nullable String body) {
    public static NodeRequest get(String path) {
        return new NodeRequest("GET", path, List.of(), null);
    }

    /** A write that counts once however often it is sent with the same key. */
    public static NodeRequest write(String method, String path, String idempotencyKey, @Nullable String body) {
        return new NodeRequest(method, path, List.of("Idempotency-Key: " + idempotencyKey), body);
    }

    /** A request for an endless stream of events, from the one after the id on where an id is given. */
    public static NodeRequest watch(String path, @Nullable String lastEventId) {
        List<String> headers = new ArrayList<>();
        headers.add("Accept: text/event-stream");
        if (lastEventId != null) {
            headers.add("Last-Event-ID: " + lastEventId);
        }
        return new NodeRequest("GET", path, List.copyOf(headers), null);
    }
}
