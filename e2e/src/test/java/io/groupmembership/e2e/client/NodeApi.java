package io.groupmembership.e2e.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The HTTP API of one node, as any client sees it. */
public record NodeApi(URI base) {
    /** Far beyond every limit of a node: a test that waits so long has found something. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    /** What a node answered. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Answer(int status, HttpHeaders headers, byte[] body) {
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        public JsonNode json() throws IOException {
            return JSON.readTree(body);
        }

        public String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        public boolean isProblem(String code) throws IOException {
            return header("Content-Type").startsWith("application/problem+json")
                    && json().path("type").asText().equals("urn:groupmembership:problem:" + code);
        }

        @Override
        public String toString() {
            return status + " " + headers.map() + " " + text();
        }
    }

    public Answer get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, BodyPublishers.noBody(), headers);
    }

    public Answer delete(String path, String... headers) throws IOException, InterruptedException {
        return send("DELETE", path, BodyPublishers.noBody(), headers);
    }

    /** @param body a value that becomes JSON */
    public Answer post(String path, Object body, String... headers) throws IOException, InterruptedException {
        return send("POST", path, json(body), withType("application/json", headers));
    }

    /** @param body a value that becomes JSON */
    public Answer put(String path, Object body, String... headers) throws IOException, InterruptedException {
        return send("PUT", path, json(body), withType("application/json", headers));
    }

    public Answer putBytes(String path, byte[] body, String... headers) throws IOException, InterruptedException {
        return send("PUT", path, BodyPublishers.ofByteArray(body), withType("application/octet-stream", headers));
    }

    public Answer putText(String path, String body, String... headers) throws IOException, InterruptedException {
        return putBytes(path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    /** A GET that is answered whenever the node gets to it. */
    public CompletableFuture<Answer> getLater(String path) {
        return CLIENT.sendAsync(request("GET", path, BodyPublishers.noBody()), BodyHandlers.ofByteArray())
                .thenApply(NodeApi::answer);
    }

    private Answer send(String method, String path, BodyPublisher body, String... headers)
            throws IOException, InterruptedException {
        return answer(CLIENT.send(request(method, path, body, headers), BodyHandlers.ofByteArray()));
    }

    private HttpRequest request(String method, String path, BodyPublisher body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(base.resolve(path)).timeout(ANSWER_LIMIT).method(method, body);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request.build();
    }

    private static Answer answer(HttpResponse<byte[]> response) {
        return new Answer(response.statusCode(), response.headers(), response.body());
    }

    private static BodyPublisher json(Object body) throws IOException {
        return BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body));
    }

    private static String[] withType(String type, String... headers) {
        String[] all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 2, headers.length);
        all[0] = "Content-Type";
        all[1] = type;
        return all;
    }
}
