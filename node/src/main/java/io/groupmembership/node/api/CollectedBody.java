package io.groupmembership.node.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;

/** The body of a request, which {@link RequestGate} has collected and bounded. */
public final class CollectedBody {
    private static final byte[] EMPTY = {};

    private CollectedBody() {}

    public static byte[] bytes(RoutingContext http) {
        Buffer body = http.body().buffer();
        return body == null ? EMPTY : body.getBytes();
    }

    /** The body as what its JSON means; a problem where it is something else. */
    public static <T> T json(RoutingContext http, Class<T> type) {
        String contentType = http.request().getHeader("Content-Type");
        if (contentType != null && !isJson(contentType)) {
            throw Problems.unsupportedMediaType();
        }
        return StrictJson.read(bytes(http), type);
    }

    private static boolean isJson(String contentType) {
        int semicolon = contentType.indexOf(';');
        String type = (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
                .strip()
                .toLowerCase(Locale.ROOT);
        return type.equals("application/json") || (type.startsWith("application/") && type.endsWith("+json"));
    }
}
