package io.groupmembership.cli.http;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import java.net.URI;
import java.util.Arrays;
import java.util.List;

/** The servers that a command may ask, in the order in which it tries them. */
public final class ServerList {
    /** Where {@code gm up} serves if nothing else is said. */
    public static final List<URI> LOCAL = List.of(
            URI.create("http://127.0.0.1:7701"),
            URI.create("http://127.0.0.1:7702"),
            URI.create("http://127.0.0.1:7703"));

    private ServerList() {}

    /** Reads base URLs with commas between them; {@code host:port} stands for {@code http://host:port}. */
    public static List<URI> parse(String text) {
        return parse(text, Connector.PLAIN);
    }

    /** The same, but {@code host:port} stands for {@code https://host:port} where it is known whom to trust. */
    static List<URI> parse(String text, Connector connector) {
        List<URI> servers = Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .map(part -> server(part, connector.scheme()))
                .toList();
        if (servers.isEmpty()) {
            throw wrong(text);
        }
        return servers;
    }

    private static URI server(String text, String scheme) {
        try {
            String url = text.contains("://") ? text : scheme + "://" + text;
            URI server = URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
            boolean good =
                    (server.getScheme().equals("http") || server.getScheme().equals("https"))
                            && server.getHost() != null
                            && server.getRawPath().isEmpty()
                            && server.getRawQuery() == null;
            if (good) {
                return server;
            }
        } catch (IllegalArgumentException e) {
            throw wrong(text);
        }
        throw wrong(text);
    }

    private static CliFailure wrong(String text) {
        return new CliFailure(
                ExitCode.USAGE,
                "'" + text + "' is no server: write for example http://127.0.0.1:7701,http://127.0.0.1:7702");
    }
}
