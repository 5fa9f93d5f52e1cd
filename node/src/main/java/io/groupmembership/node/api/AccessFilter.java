package io.groupmembership.node.api;

import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Behind the guard: what the guard decided about must be what runs. The resource that was matched, and the names that were
 * decoded for it, are compared with those of the grant; anything else is refused.
 */
@Singleton
public final class AccessFilter {
    /** Not the control itself: filters are made before the settings are there. */
    private final AccessGuard guard;

    AccessFilter(AccessGuard guard) {
        this.guard = guard;
    }

    @ServerRequestFilter
    public @Nullable Response check(ResourceInfo resource, UriInfo uri, RoutingContext http) {
        if (guard.isOpen()) {
            return null;
        }
        Optional<AccessGrant> grant = AccessGrant.of(http);
        Map<String, String> names = new TreeMap<>();
        uri.getPathParameters(true).forEach((name, values) -> names.put(name, values.getFirst()));
        boolean same = grant.isPresent()
                && grant.get().match().operation().path().equals(path(resource))
                && new TreeMap<>(grant.get().match().parameters()).equals(names);
        if (!same) {
            throw Problems.forbidden("it is not known what this request needs");
        }
        return null;
    }

    /** The template of the path, without patterns. */
    private static String path(ResourceInfo resource) {
        return (of(resource.getResourceClass().getAnnotation(Path.class))
                        + of(resource.getResourceMethod().getAnnotation(Path.class)))
                .replace(":.+}", "}");
    }

    private static String of(@Nullable Path path) {
        return path == null ? "" : path.value();
    }
}
