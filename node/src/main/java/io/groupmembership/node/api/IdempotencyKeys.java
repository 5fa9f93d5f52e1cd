package io.groupmembership.node.api;

import io.groupmembership.membership.Request.IdempotencyKey;
import io.groupmembership.protocol.Limits;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a client's Idempotency-Key stands for: the key itself, the method and the resource that it was sent to are
 * hashed into a name of 128 bits, and what was asked into a fingerprint of 64. The same key at another resource is
 * another request, and so is the same key of another caller, where callers are known; the same name with another fingerprint is a client's mistake.
 */
final class IdempotencyKeys {
    static final String HEADER = "Idempotency-Key";

    private IdempotencyKeys() {}

    /**
     * @param callerId empty where access is open
     * @param resource the decoded names that the path is made of
     * @param content adds what was asked, in a form that is the same for the same request
     * @return empty where the header is absent; a problem that names it where it is no key
     */
    static Optional<IdempotencyKey> of(
            Optional<String> header,
            String method,
            Optional<String> callerId,
            List<String> resource,
            Consumer<RequestDigest> content) {
        check(header);
        if (header.isEmpty()) {
            return Optional.empty();
        }
        String key = header.get();
        RequestDigest name = new RequestDigest().add(method).add(key);
        resource.forEach(name::add);
        callerId.ifPresent(id -> name.add("caller").add(id));
        RequestDigest asked = new RequestDigest();
        content.accept(asked);
        ByteBuffer hash = name.hash();
        return Optional.of(
                new IdempotencyKey(hash.getLong(), hash.getLong(), asked.hash().getLong()));
    }

    /** A problem that names the header where it is there and no key. */
    static void check(Optional<String> header) {
        boolean good = header.map(key -> !key.isEmpty()
                        && key.length() <= Limits.IDEMPOTENCY_KEY_CHARACTERS
                        && key.chars().allMatch(c -> c >= ' ' && c <= '~'))
                .orElse(true);
        if (!good) {
            throw Problems.invalidHeader(
                    HEADER, "must be 1 to " + Limits.IDEMPOTENCY_KEY_CHARACTERS + " printable ASCII characters");
        }
    }
}
