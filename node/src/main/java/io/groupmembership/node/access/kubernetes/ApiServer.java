package io.groupmembership.node.access.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.groupmembership.node.access.PolicyException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the API server, without blocking. At most {@value #MOST_IN_FLIGHT} calls are under way, each for {@value
 * #LIMIT_MILLIS} ms at most; one more is not made.
 */
final class ApiServer {
    static final int MOST_IN_FLIGHT = 64;
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final long LIMIT_MILLIS = 3_000;
    private static final int MOST_BYTES = 1 << 20;
    private static final JsonMapper JSON = new JsonMapper();

    /** What came: a status and JSON, or status 0 and why nothing came. */
    record Answer(int status, JsonNode json, String problem) {
        static Answer none(String problem) {
            return new Answer(0, JSON.missingNode(), problem);
        }
    }

    private record Connection(ServiceAccountFiles files, HttpClient client) {}

    private final URI base;
    private final Path credentials;
    private final Semaphore places = new Semaphore(MOST_IN_FLIGHT);
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile Connection connection;
    private String problem = "";

    /** @throws PolicyException where the credentials can't be read */
    ApiServer(URI base, Path credentials) {
        this.base = base;
        this.credentials = credentials;
        try {
            ServiceAccountFiles files = ServiceAccountFiles.read(credentials);
            connection = new Connection(files, client(files));
        } catch (IOException e) {
            throw new PolicyException("gm.kubernetes-credentials " + credentials + " can't be used: " + e);
        }
    }

    private static HttpClient client(ServiceAccountFiles files) throws IOException {
        return HttpClient.newBuilder()
                .sslContext(files.sslContext())
                .connectTimeout(Duration.ofMillis(LIMIT_MILLIS))
                .proxy(HttpClient.Builder.NO_PROXY)
                .build();
    }

    /** Reads the credentials again. What can't be read changes nothing. */
    synchronized void refresh() {
        try {
            ServiceAccountFiles now = ServiceAccountFiles.read(credentials);
            Connection before = connection;
            if (!now.equals(before.files)) {
                boolean sameTrust = now.ca().equals(before.files.ca());
                // a client that is left ends with its last call
                connection = new Connection(now, sameTrust ? before.client : client(now));
            }
            problem = "";
        } catch (IOException e) {
            String now = e.toString();
            if (!now.equals(problem)) {
                LOG.warn("gm.kubernetes-credentials {} are left as they were read before: {}", credentials, now);
                problem = now;
            }
        }
    }

    CompletableFuture<Answer> get(String path) {
        return send(path, Optional.empty());
    }

    CompletableFuture<Answer> post(String path, JsonNode body) {
        return send(path, Optional.of(body));
    }

    /** Calls that were made. */
    long calls() {
        return calls.get();
    }

    /** Calls that were not made, or brought nothing. */
    long failures() {
        return failures.get();
    }

    private CompletableFuture<Answer> send(String path, Optional<JsonNode> body) {
        if (!places.tryAcquire()) {
            failures.incrementAndGet();
            return CompletableFuture.completedFuture(
                    Answer.none("too many questions to the Kubernetes API server are under way"));
        }
        CompletableFuture<HttpResponse<byte[]>> call;
        try {
            calls.incrementAndGet();
            Connection now = connection;
            HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                    .timeout(Duration.ofMillis(LIMIT_MILLIS))
                    .header("Authorization", "Bearer " + now.files.token())
                    .header("Accept", "application/json");
            body.ifPresent(json -> request.header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(json.toString())));
            call = now.client.sendAsync(request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
        } catch (RuntimeException e) {
            call = CompletableFuture.failedFuture(e);
        }
        CompletableFuture<HttpResponse<byte[]>> sent = call;
        // the request's own limit ends with the head of the answer
        return sent.copy().orTimeout(LIMIT_MILLIS + 500, TimeUnit.MILLISECONDS).handle((response, failure) -> {
            places.release();
            if (failure != null) {
                sent.cancel(true);
                return failed(failure);
            }
            return answer(response);
        });
    }

    private Answer failed(Throwable failure) {
        failures.incrementAndGet();
        LOG.debug("a question to the API server failed", failure);
        return Answer.none("the Kubernetes API server can't be asked");
    }

    private Answer answer(HttpResponse<byte[]> response) {
        try {
            JsonNode json = JSON.readTree(response.body());
            return new Answer(response.statusCode(), json == null ? JSON.missingNode() : json, "");
        } catch (IOException e) {
            return failed(e);
        }
    }
}
