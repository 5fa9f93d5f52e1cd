package io.groupmembership.node.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logmanager.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of whoever asks too often, what is written down of it, and how long a right lasts that was withdrawn. */
@QuarkusTest
@TestProfile(LimitedNode.class)
class AccessLimitsApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final PatternFormatter MESSAGE = new PatternFormatter("%m");
    private static final String GROUP = "/v1/namespaces/shop/groups/orders";

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    private static Response get(String token, String path) {
        return given().header("Authorization", "Bearer " + token).get(path);
    }

    /** The lines of the audit log, while something is done. */
    private static List<JsonNode> audited(Runnable action) throws IOException {
        List<String> lines = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(MESSAGE.format(line));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger audit = Logger.getLogger("audit");
        audit.addHandler(handler);
        try {
            action.run();
        } finally {
            audit.removeHandler(handler);
        }
        List<JsonNode> parsed = new ArrayList<>();
        for (String line : lines) {
            assertThat(line).doesNotContain("-token");
            parsed.add(JSON.readTree(line));
        }
        return parsed;
    }

    @Test
    void whoAsksTooOftenIsToldWhenToComeBackAndNobodyElseIs() {
        List<Response> refused = IntStream.range(0, 2_000)
                .parallel()
                .mapToObj(_ -> get("writer-token", GROUP))
                .filter(answer -> answer.statusCode() == 429)
                .findAny()
                .stream()
                .toList();

        assertThat(refused).isNotEmpty().allSatisfy(answer -> {
            assertThat(answer.contentType()).startsWith(Problems.MEDIA_TYPE);
            assertThat(answer.header("Retry-After")).isEqualTo("1");
        });
        assertThat(get("all-token", GROUP).statusCode()).isEqualTo(404);
    }

    @Test
    void aRefusalAndAChangeAreALineEachAndAReadIsNone() throws IOException {
        List<JsonNode> lines = audited(() -> {
            given().get(GROUP).then().statusCode(401);
            get("nobody-token", GROUP + "?x=y").then().statusCode(403);
            get("all-token", GROUP).then().statusCode(404);
            given().header("Authorization", "Bearer all-token")
                    .body("v")
                    .put("/v1/namespaces/shop/kv/audited")
                    .then()
                    .statusCode(201);
        });

        assertThat(lines)
                .extracting(line -> String.join(
                        " ",
                        List.of(
                                line.path("caller").asText(),
                                line.path("verb").asText(),
                                line.path("resource").asText(),
                                line.path("namespace").asText(),
                                line.path("name").asText(),
                                line.path("decision").asText(),
                                line.path("remote").asText())))
                .containsExactly(
                        "system:anonymous get groups shop orders deny 127.0.0.1",
                        "nobody get groups shop orders deny 127.0.0.1",
                        "all update keys shop audited allow 127.0.0.1");
        assertThat(lines).allMatch(line -> !line.path("reason").asText().isEmpty());
    }

    /** The file is read every 10 s, and a stream asks every 30 s. */
    @Test
    @Tag("slow")
    void aStreamEndsWhenItsRightIsWithdrawn() throws Exception {
        String policy = Files.readString(PolicyNode.file());
        Vertx vertx = Vertx.vertx();
        try {
            CompletableFuture<Integer> begun = new CompletableFuture<>();
            CompletableFuture<Boolean> ended = new CompletableFuture<>();
            vertx.createHttpClient()
                    .request(HttpMethod.GET, port, "127.0.0.1", GROUP + "?watch=true")
                    .map(request -> request.putHeader("Authorization", "Bearer reader-token"))
                    .compose(HttpClientRequest::send)
                    .onFailure(begun::completeExceptionally)
                    .onSuccess(response -> {
                        response.exceptionHandler(_ -> ended.complete(true))
                                .endHandler(_ -> ended.complete(true))
                                .handler(_ -> {});
                        begun.complete(response.statusCode());
                    });
            assertThat(begun.get(10, TimeUnit.SECONDS)).isEqualTo(200);

            Files.writeString(PolicyNode.file(), policy.replace("[get, watch]", "[get]"));

            assertThat(ended.get(60, TimeUnit.SECONDS)).isTrue();
            assertThat(get("reader-token", GROUP + "?watch=true").statusCode()).isEqualTo(403);
        } finally {
            Files.writeString(PolicyNode.file(), policy);
            vertx.close();
        }
    }
}
