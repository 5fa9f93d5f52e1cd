package io.groupmembership.operator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.operator.event.EventWriter;
import io.groupmembership.operator.group.follow.Departure;
import io.groupmembership.protocol.api.Removal;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class RemovalMessageTest {
    private static Departure departure(long incarnation, String reason) {
        return new Departure("shop-" + incarnation, incarnation, reason);
    }

    private static RemovalNews news(long view, Departure... departures) {
        return RemovalNews.of(view, List.of(departures)).orElseThrow();
    }

    private static Removal silent(long incarnation, long leaseOverMillis) {
        return new Removal(
                "shop-" + incarnation,
                incarnation,
                8,
                "crashed",
                "node-2",
                "node-1",
                "2026-01-01T00:00:00Z",
                15_010L,
                List.of(
                        new Removal.Probe("node-2", "udp", "no answer to 4 pings in each of 3 rounds"),
                        new Removal.Probe("node-3", "udp", "no answer to 3 pings, 9790 ms ago")),
                Map.of("leaseOverMillis", leaseOverMillis));
    }

    @Test
    void aCrashIsToldWithItsEvidence() {
        Departure gone = departure(17, "crashed");

        assertThat(RemovalMessage.of(news(8, gone), Map.of(gone, silent(17, 1_240))))
                .isEqualTo(new RemovalMessage(
                        EventWriter.Type.WARNING,
                        "Crashed",
                        "shop-17 (incarnation 17) is out since view 8: no answer to node-2, node-3,"
                                + " lease over for 1.2 s, committed by node-1"));
    }

    @Test
    void whereTheNodesHaveNoEvidenceTheReasonIsTold() {
        assertThat(RemovalMessage.of(news(8, departure(17, "replaced")), Map.of()))
                .isEqualTo(new RemovalMessage(
                        EventWriter.Type.NORMAL, "Replaced", "shop-17 (incarnation 17) is out since view 8: replaced"));
    }

    @Test
    void aGoodbyeIsNoNews() {
        assertThat(RemovalNews.of(8, List.of(departure(17, "left")))).isEmpty();
        assertThat(news(8, departure(17, "left"), departure(18, "evicted")))
                .isEqualTo(news(8, departure(18, "evicted")));
    }

    @Test
    void aThousandCrashesAreOneMessageThatNamesTheFirst() {
        RemovalNews thousand = RemovalNews.of(
                        8,
                        LongStream.rangeClosed(1, 1_000)
                                .mapToObj(incarnation -> departure(incarnation, "crashed"))
                                .toList())
                .orElseThrow();

        assertThat(thousand.first()).hasSize(RemovalNews.MOST_NAMED);
        assertThat(RemovalMessage.of(thousand, Map.of()).text())
                .isEqualTo(
                        "1000 members are out by view 8 (1000 crashed): shop-1 (incarnation 1): crashed; shop-2 (incarnation 2): crashed;"
                                + " shop-3 (incarnation 3): crashed; and 997 more");
    }

    @Test
    void whatComesBeforeTheTurnIsOneMessage() {
        RemovalMessage message = RemovalMessage.of(
                news(8, departure(1, "crashed"), departure(2, "crashed"))
                        .and(news(9, departure(3, "evicted"), departure(4, "crashed"))),
                Map.of());

        assertThat(message.reason()).isEqualTo("Removed");
        assertThat(message.type()).isEqualTo(EventWriter.Type.WARNING);
        assertThat(message.text())
                .startsWith("4 members are out by view 9 (3 crashed, 1 evicted): shop-1 ")
                .endsWith("; and 1 more");
    }
}
