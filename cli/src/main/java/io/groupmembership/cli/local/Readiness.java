package io.groupmembership.cli.local;

import io.groupmembership.cli.http.Connector;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;

/** What a node's process makes of one question, within a second: does it serve? */
public enum Readiness {
    READY("ready"),

    /** It answers, and not with 200: it knows no leader, or is cut off. */
    UNREADY("unready"),

    /** It listens, and does not answer: it is stopped, or hangs. */
    SILENT("silent"),

    /** It does not listen yet. */
    STARTING("starting");

    private static final int LIMIT_MILLIS = 1_000;

    private final String word;

    Readiness(String word) {
        this.word = word;
    }

    /** As people read it. */
    public String word() {
        return word;
    }

    /** What {@code /q/health/ready} says. */
    public static Readiness ask(Connector connector, URI node) {
        try {
            HttpURLConnection connection = connector.open(node, "/q/health/ready");
            connection.setConnectTimeout(LIMIT_MILLIS);
            connection.setReadTimeout(LIMIT_MILLIS);
            int status = connection.getResponseCode();
            connection.disconnect();
            return status == 200 ? READY : UNREADY;
        } catch (ConnectException e) {
            return STARTING;
        } catch (IOException e) {
            return SILENT;
        }
    }
}
