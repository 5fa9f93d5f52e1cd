package io.groupmembership.node.access;

/** What came of the question who a caller is. */
public sealed interface Authentication {
    record Known(Caller caller) implements Authentication {}

    /** What was shown proves nothing. */
    record Refused(String reason) implements Authentication {}

    /** Nobody could say; it may be asked again. */
    record Unknown(String reason) implements Authentication {}
}
