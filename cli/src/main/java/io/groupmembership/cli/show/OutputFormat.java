package io.groupmembership.cli.show;

/** What {@code -o} takes; the constants are the words as they are typed. */
public enum OutputFormat {
    table,
    wide,
    json
}
