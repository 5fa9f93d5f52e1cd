package io.groupmembership.cli.http;

import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.local.ClusterDirectory;
import io.groupmembership.cli.local.UpFile;
import io.groupmembership.cli.show.DurationText;
import io.groupmembership.protocol.cluster.ClusterFile;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whom to ask, and for how long. */
public final class ServerOptions {
    @Option(
            names = "--server",
            paramLabel = "URL[,URL]",
            description = "Nodes to ask; the next one stands in for one that fails."
                    + " Default: $GM_SERVER, else the nodes of gm up.")
    private Optional<String> server = Optional.empty();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = DurationText.class,
            description = "Time limit of the command, all attempts together (default 10s).")
    private Duration timeout = Duration.ofSeconds(10);

    public Duration timeout() {
        return timeout;
    }

    public ApiClient client(Invocation invocation) {
        return new ApiClient(servers(invocation), timeout);
    }

    /** What the option says, else GM_SERVER, else the nodes of the {@code gm up} that runs, else its usual ports. */
    public List<URI> servers(Invocation invocation) {
        return server.or(() -> Optional.ofNullable(invocation.environment().get("GM_SERVER"))
                        .filter(text -> !text.isBlank()))
                .map(ServerList::parse)
                .or(() -> localNodes(new ClusterDirectory(invocation.defaultDataDirectory())))
                .orElse(ServerList.LOCAL);
    }

    private static Optional<List<URI>> localNodes(ClusterDirectory directory) {
        if (UpFile.read(directory.upFile()).isEmpty()) {
            return Optional.empty();
        }
        try {
            Optional<ClusterFile> cluster = directory.read();
            return cluster.isEmpty()
                    ? Optional.empty()
                    : Optional.of(directory.nodes(cluster.get()).urls());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
