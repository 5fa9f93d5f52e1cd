package io.groupmembership.node.api;

import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;

/** Reads headers that may come once at most. */
public final class RequestHeaders {
    private RequestHeaders() {}

    /** The value of a header; a problem that names it where it came more than once. */
    public static Optional<String> single(HttpServerRequest request, String name) {
        String first = request.getHeader(name);
        if (first == null) {
            return Optional.empty();
        }
        List<String> all = request.headers().getAll(name);
        if (all.size() > 1) {
            throw Problems.invalidHeader(name, "must come once at most");
        }
        return Optional.of(first);
    }
}
