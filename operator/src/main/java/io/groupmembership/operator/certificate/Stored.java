package io.groupmembership.operator.certificate;

import java.util.Optional;

/** What was found of an object that should be there. */
sealed interface Stored<T> {
    record Absent<T>() implements Stored<T> {}

    /** @param problem what is wrong with it, without anything secret */
    record Unreadable<T>(String problem) implements Stored<T> {}

    record Present<T>(T value) implements Stored<T> {}

    default Optional<T> found() {
        return this instanceof Present<T>(T value) ? Optional.of(value) : Optional.empty();
    }
}
