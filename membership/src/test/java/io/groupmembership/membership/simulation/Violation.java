package io.groupmembership.membership.simulation;

/** A property that must never break was broken. */
final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String what;

    Violation(String what) {
        super(what);
        this.what = what;
    }

    String what() {
        return what;
    }
}
