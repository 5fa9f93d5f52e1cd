package io.groupmembership.node.access;

/** What is answered to the question whether a caller may do something. */
public sealed interface AccessDecision {
    String reason();

    record Allow(String reason) implements AccessDecision {}

    /** The caller may not, whoever asks and how often. */
    record Deny(String reason) implements AccessDecision {}

    /** Nobody could say; it may be asked again. */
    record Unknown(String reason) implements AccessDecision {}
}
