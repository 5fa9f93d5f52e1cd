package io.groupmembership.node.api;

import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/** Reads query parameters that may come once at most. One without a value is an empty one, not an absent one. */
public final class QueryParameters {
    private QueryParameters() {}

    /** The value of a parameter; a problem that names it where it came more than once. */
    public static Optional<String> single(RoutingContext http, String name) {
        List<String> values = http.queryParams().getAll(name);
        if (values.size() > 1) {
            throw Problems.invalidParameter(name, "must come once at most");
        }
        return values.stream().findFirst();
    }
}
