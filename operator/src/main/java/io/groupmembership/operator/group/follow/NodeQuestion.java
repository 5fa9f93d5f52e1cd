package io.groupmembership.operator.group.follow;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Asks a node for something small that it answers only with a majority behind it. */
final class NodeQuestion {
    private NodeQuestion() {}

    /** Whether it answered in time. */
    static boolean isAnswered(HttpClient http, URI node) throws InterruptedException {
        HttpRequest get = HttpRequest.newBuilder(node.resolve("/v1/nodes"))
                .timeout(StreamHealth.ANSWER_WITHIN)
                .build();
        try {
            return http.send(get, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }
}
