package io.groupmembership.cli.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.cli.CannedServer;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.GmRun;
import org.junit.jupiter.api.Test;

final class KvCommandTest {
    private static final String WRITTEN = "{\"namespace\":\"default\",\"key\":\"a/b\",\"version\":7}";

    private static CannedServer holding(String value) {
        return new CannedServer(exchange -> {
            exchange.getResponseHeaders().set("ETag", "\"7\"");
            CannedServer.send(exchange, 200, "application/octet-stream", value);
        });
    }

    @Test
    void putSendsTheBytesUnderAnIdempotencyKeyAndSaysTheVersion() {
        try (CannedServer server = CannedServer.json(200, WRITTEN)) {
            assertThat(GmRun.of(server.url(), "kv", "put", "a/b", "hällo").out())
                    .isEqualTo("a/b: version 7\n");
            GmRun.withInput(server.url(), "from stdin", "kv", "put", "a/b", "-");

            assertThat(server.seen()).extracting(CannedServer.Seen::body).containsExactly("hällo", "from stdin");
            assertThat(server.seen().getFirst().uri()).isEqualTo("/v1/namespaces/default/kv/a/b");
            assertThat(server.seen().getFirst().idempotencyKey())
                    .isNotEmpty()
                    .isNotEqualTo(server.seen().get(1).idempotencyKey());
        }
    }

    @Test
    void getPrintsTheBytesAndNothingElse() {
        try (CannedServer server = holding("no newline")) {
            assertThat(GmRun.of(server.url(), "kv", "get", "a").out()).isEqualTo("no newline");
            assertThat(GmRun.of(server.url(), "kv", "get", "a", "--version").out())
                    .isEqualTo("7\n");
            assertThat(GmRun.of(server.url(), "kv", "get", "a", "-o", "json").out())
                    .contains("\"version\" : 7")
                    .contains("\"value\" : \"no newline\"");
        }
    }

    @Test
    void casNamesTheVersionItExpectsOrThatThereIsNone() {
        try (CannedServer server = CannedServer.json(200, WRITTEN)) {
            GmRun.of(server.url(), "kv", "cas", "a/b", "v", "--version", "6");
            GmRun.of(server.url(), "kv", "cas", "a/b", "v", "--version", "absent");

            assertThat(server.seen()).extracting(CannedServer.Seen::ifMatch).containsExactly("\"6\"", "");
            assertThat(server.seen()).extracting(CannedServer.Seen::ifNoneMatch).containsExactly("", "*");
        }
    }

    @Test
    void casThatComesTooLateIsAConflict() {
        try (CannedServer server = CannedServer.problem(412, "the key has version 8, not 6")) {
            GmRun run = GmRun.of(server.url(), "kv", "cas", "a/b", "v", "--version", "6");
            assertThat(run.exitCode()).isEqualTo(ExitCode.CONFLICT);
            assertThat(run.err()).isEqualTo("error: the key has version 8, not 6\n");
        }
    }

    @Test
    void aKeyThatIsNotThereIsNotFound() {
        try (CannedServer server = CannedServer.problem(404, "no such key")) {
            assertThat(GmRun.of(server.url(), "kv", "get", "a").exitCode()).isEqualTo(ExitCode.NOT_FOUND);
            assertThat(GmRun.of(server.url(), "kv", "delete", "a").exitCode()).isEqualTo(ExitCode.NOT_FOUND);
        }
    }
}
