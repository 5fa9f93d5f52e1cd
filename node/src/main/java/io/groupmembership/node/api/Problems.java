package io.groupmembership.node.api;

import io.groupmembership.protocol.api.Problem;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The problems that this API answers with (RFC 9457). A code never changes its meaning; a detail may. */
public final class Problems {
    public static final String MEDIA_TYPE = "application/problem+json";

    /** Seconds after which a request that was refused for now may be sent again. */
    private static final Map<String, String> RETRY_SOON = Map.of("Retry-After", "1");

    private Problems() {}

    // ---- 400

    /** @param phrase follows the field's name: "must not be empty" */
    public static ProblemException invalidField(String field, String phrase) {
        return of(400, "invalid-field", field + " " + phrase, field);
    }

    public static ProblemException unknownField(String field) {
        return of(400, "unknown-field", field + " is no field of this request", field);
    }

    public static ProblemException invalidHeader(String header, String phrase) {
        return of(400, "invalid-header", header + " " + phrase, header);
    }

    public static ProblemException invalidParameter(String parameter, String phrase) {
        return of(400, "invalid-parameter", parameter + " " + phrase, parameter);
    }

    public static ProblemException malformedJson(String detail) {
        return of(400, "malformed-json", detail, null);
    }

    public static ProblemException invalidPath(String phrase) {
        return of(400, "invalid-path", "the path " + phrase, null);
    }

    // ---- 401, 403

    /** @param detail why it is not known who asks */
    public static ProblemException unauthenticated(String detail) {
        return new ProblemException(
                problem(401, "unauthenticated", detail, null, null), Map.of("WWW-Authenticate", "Bearer"));
    }

    /** It is known who asks, and that they may not. */
    public static ProblemException forbidden(String detail) {
        return of(403, "forbidden", detail, null);
    }

    // ---- 404

    public static ProblemException notFound(String code, String detail) {
        return of(404, code, detail, null);
    }

    // ---- 409, 412, 422

    public static ProblemException conflict(String code, String detail) {
        return of(409, code, detail, null);
    }

    /** A conflict with the incarnation that lives. */
    public static ProblemException conflict(String code, String detail, long incarnation) {
        return new ProblemException(problem(409, code, detail, null, incarnation), Map.of());
    }

    /** @param version what the key has now, 0 where it does not exist */
    public static ProblemException conditionFailed(long version) {
        String detail = version == 0 ? "the key does not exist" : "the key has version " + version;
        return new ProblemException(
                problem(412, "condition-failed", detail, null, null),
                version == 0 ? Map.of() : Map.of("ETag", EntityTags.of(version)));
    }

    static ProblemException idempotencyKeyReused() {
        return of(
                422,
                "idempotency-key-reused",
                "this Idempotency-Key came with another request before: draw a new one for each request",
                "Idempotency-Key");
    }

    // ---- 413, 415

    public static ProblemException bodyTooLarge(long mostBytes) {
        return of(413, "body-too-large", "the body may have at most " + mostBytes + " bytes", null);
    }

    static ProblemException unsupportedMediaType() {
        return of(415, "unsupported-media-type", "Content-Type must be application/json", "Content-Type");
    }

    // ---- 429, 503, 507

    public static ProblemException overloaded(String detail) {
        return new ProblemException(problem(429, "overloaded", detail, null, null), RETRY_SOON);
    }

    /** More requests than a caller, or an address, may send. */
    static ProblemException tooFast(String detail) {
        return new ProblemException(problem(429, "too-fast", detail, null, null), RETRY_SOON);
    }

    public static ProblemException unavailable(String detail) {
        return new ProblemException(problem(503, "unavailable", detail, null, null), RETRY_SOON);
    }

    static ProblemException outcomeUnknown(String detail) {
        return new ProblemException(
                problem(
                        503,
                        "outcome-unknown",
                        detail + "; it may still take effect: send it again with the same Idempotency-Key",
                        null,
                        null),
                RETRY_SOON);
    }

    public static ProblemException shuttingDown() {
        return new ProblemException(
                problem(503, "shutting-down", "this node is shutting down: ask another one", null, null), RETRY_SOON);
    }

    static ProblemException full(String code, String detail) {
        return of(507, code, detail, null);
    }

    // ---- any

    public static ProblemException methodNotAllowed(String allow) {
        return new ProblemException(
                problem(405, "method-not-allowed", "this path takes " + allow, null, null), Map.of("Allow", allow));
    }

    /** The problem that stands for a status which the framework chose. */
    public static ProblemException ofStatus(int status) {
        return switch (status) {
            case 404 -> of(404, "not-found", "there is nothing at this path", null);
            case 405 -> of(405, "method-not-allowed", "this path does not take that method", null);
            case 406 -> of(406, "not-acceptable", "this path answers in none of the types that Accept names", "Accept");
            case 408 -> of(408, "request-timeout", "the request did not arrive in time", null);
            case 413 -> of(413, "body-too-large", "the body is too large", null);
            case 415 -> unsupportedMediaType();
            case 503 -> unavailable("this node can't serve the request now");
            default ->
                status >= 400 && status < 500
                        ? of(status, "bad-request", "the request can't be served", null)
                        : internal();
        };
    }

    static ProblemException internal() {
        return of(500, "internal", "the node failed; its log says why", null);
    }

    private static ProblemException of(int status, String code, String detail, @Nullable String field) {
        return new ProblemException(problem(status, code, detail, field, null), Map.of());
    }

    private static Problem problem(
            int status, String code, String detail, @Nullable String field, @Nullable Long incarnation) {
        return new Problem(Problem.TYPE_PREFIX + code, code.replace('-', ' '), status, detail, field, incarnation);
    }
}
