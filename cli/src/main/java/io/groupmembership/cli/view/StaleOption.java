package io.groupmembership.cli.view;

import io.groupmembership.cli.http.Request;
import picocli.CommandLine.Option;

/** Whether the newest state is wanted, or what the asked node has at hand. */
public final class StaleOption {
    @Option(names = "--stale", description = "Take what the node has at hand, perhaps old, without asking a majority.")
    private boolean stale;

    Request apply(Request request) {
        return stale ? request.query("consistency", "stale") : request;
    }
}
