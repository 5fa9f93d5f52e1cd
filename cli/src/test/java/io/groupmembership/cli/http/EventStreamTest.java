package io.groupmembership.cli.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.cli.CannedServer;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.GmRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class EventStreamTest {
    private static final String STREAM = ": hello\n\nid: 3\nevent: snapshot\ndata: {\"a\":1}\n\n"
            + "id:4\r\nevent:view\r\ndata: one\r\ndata: two\r\nretry: 5\r\n\r\n" + "id: 5\rdata: ü\r\r"
            + "event: empty\n\ndata: unfinished\n";
    private static final List<SseEvent> EVENTS = List.of(
            new SseEvent("3", "snapshot", "{\"a\":1}"),
            new SseEvent("4", "view", "one\ntwo"),
            new SseEvent("5", "message", "ü"));

    @Property(tries = 200)
    void eventsAreTheSameHoweverTheirBytesArrive(
            @ForAll @Size(max = 30) List<@IntRange(min = 1, max = 20) Integer> pieces) throws IOException {
        List<SseEvent> events = new ArrayList<>();
        SseParser parser = new SseParser(events::add);
        byte[] bytes = STREAM.getBytes(StandardCharsets.UTF_8);
        int at = 0;
        for (int piece : pieces) {
            int length = Math.min(piece, bytes.length - at);
            parser.feed(bytes, at, length);
            at += length;
        }
        parser.feed(bytes, at, bytes.length - at);
        assertThat(events).isEqualTo(EVENTS);
    }

    @Test
    void aBrokenStreamGoesOnAtTheNextServerAfterTheLastEvent() {
        String change = "{\"namespace\":\"default\",\"group\":\"g\",\"view\":4,\"leader\":\"a\",\"joined\":[],"
                + "\"left\":[{\"memberId\":\"b\",\"incarnation\":9,\"reason\":\"crashed\"}]}";
        String view = "{\"namespace\":\"default\",\"group\":\"g\",\"view\":3,\"leader\":\"a\",\"members\":[]}";
        try (CannedServer first = streaming("id: 3\nevent: snapshot\ndata: " + view + "\n\n");
                CannedServer second = streaming("id: 4\nevent: view\ndata: " + change + "\n\n")) {
            // When
            GmRun run = GmRun.of(first.url() + "," + second.url(), "watch", "g", "--events", "2");

            // Then
            assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(run.out().lines().map(line -> line.replaceAll(" +", " ").substring(13)))
                    .containsExactly("default/g view 3 0 members leader a", "default/g view 4 -b(9, crashed) leader a");
            assertThat(first.seen().getFirst().lastEventId()).isEmpty();
            assertThat(first.seen().getFirst().uri()).isEqualTo("/v1/namespaces/default/groups/g?watch=true");
            assertThat(second.seen().getFirst().lastEventId()).isEqualTo("3");
        }
    }

    @Test
    void afterAResetTheStreamStartsAnew() {
        try (CannedServer server = new CannedServer(exchange -> CannedServer.send(
                exchange,
                200,
                "text/event-stream",
                exchange.getRequestHeaders().containsKey("Last-Event-ID")
                        ? "id: 9\nevent: reset\ndata: {}\n\n"
                        : "id: 10\nevent: other\ndata: x\n\n"))) {
            GmRun run = GmRun.of(server.url(), "watch", "--from", "2", "--events", "2", "-o", "json");
            assertThat(run.out()).isEqualTo("{}\nx\n");
            assertThat(server.seen()).extracting(CannedServer.Seen::lastEventId).containsExactly("2", "");
            assertThat(server.seen().getFirst().uri()).isEqualTo("/v1/watch");
        }
    }

    @Test
    void aRefusedStreamIsARefusal() {
        try (CannedServer server = CannedServer.problem(404, "no such group")) {
            GmRun run = GmRun.of(server.url(), "watch", "g");
            assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_FOUND);
        }
    }

    private static CannedServer streaming(String events) {
        return new CannedServer(exchange -> CannedServer.send(exchange, 200, "text/event-stream", events));
    }
}
