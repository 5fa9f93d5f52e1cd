package io.groupmembership.cli.local;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * How soon the nodes of a cluster hold each other for down. It belongs to the cluster: the intervals of its groups were
 * allowed because of it, and its nodes reckon with each other's.
 */
enum Timing {
    /** The nodes' own defaults. */
    USUAL,
    /** For groups with an interval of a second. */
    FAST;

    /** For every node. */
    List<String> jvmArguments() {
        return switch (this) {
            case USUAL -> List.of();
            case FAST -> List.of("-Dgm.node-timeout=1s", "-Dgm.tick=250ms");
        };
    }

    /** What the file says; without a file it is the usual one. */
    static Timing read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return USUAL;
        }
        String word = Files.readString(file).strip();
        for (Timing timing : values()) {
            if (timing.word().equals(word)) {
                return timing;
            }
        }
        throw new CliFailure(
                ExitCode.ERROR, file + " must say fast or usual (damaged?): restore it, or use another --data");
    }

    /** What {@link #read} reads. */
    String text() {
        return word() + "\n";
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
