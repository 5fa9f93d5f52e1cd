package io.groupmembership.cli.http;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a server answered.
 *
 * @param server that answered
 * @param headers by their names as they came
 * @param body empty where there was none
 */
@SuppressWarnings("ArrayRecordComponent")
public record Answer(URI server, int status, Map<String, List<String>> headers, byte[] body) {
    /** The first value of a header, whatever the case of its name. */
    public Optional<String> header(String name) {
        return headers.entrySet().stream()
                .filter(header -> header.getKey() != null && header.getKey().equalsIgnoreCase(name))
                .map(header -> header.getValue().getFirst())
                .findFirst();
    }

    /** Whether another server, or the same one later, may do better: no majority, overload, shutting down. */
    boolean isTemporary() {
        return status == 429 || status == 502 || status == 503 || status == 504;
    }
}
