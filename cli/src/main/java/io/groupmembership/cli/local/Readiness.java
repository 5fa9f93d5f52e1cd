package io.groupmembership.cli.local;

import io.groupmembership.cli.http.Connector;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/** One question to a node, answered within a second: does it serve? */
public final class Readiness {
    private static final int LIMIT_MILLIS = 1_000;

    private Readiness() {}

    /** Whether {@code /q/health/ready} answers 200. */
    public static boolean ask(Connector connector, URI node) {
        try {
            HttpURLConnection connection = connector.open(node, "/q/health/ready");
            connection.setConnectTimeout(LIMIT_MILLIS);
            connection.setReadTimeout(LIMIT_MILLIS);
            int status = connection.getResponseCode();
            connection.disconnect();
            return status == 200;
        } catch (IOException e) {
            return false;
        }
    }
}
