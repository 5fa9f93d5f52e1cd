package io.groupmembership.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.cli.CannedServer;
import io.groupmembership.cli.http.Connector;
import io.groupmembership.cli.http.ServerOptions;
import io.groupmembership.protocol.api.Member;
import io.groupmembership.protocol.api.View;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class LoopsTest {
    private static final BenchGroup GROUP = new BenchGroup("bench-x", "127.0.0.1:5", List.of());

    private static ServerOptions.Target target(CannedServer server) {
        return new ServerOptions.Target(List.of(URI.create(server.url())), Connector.PLAIN);
    }

    @Test
    void aClosedLoopCountsEachAcknowledgedJoinOnceAndSendsRefusedOnesAgain() throws Exception {
        AtomicLong requests = new AtomicLong();
        try (CannedServer server = new CannedServer(exchange -> CannedServer.send(
                exchange, requests.incrementAndGet() == 3 ? 503 : 201, "application/json", joined(requests.get())))) {
            MemberKeys keys = new MemberKeys();
            Joins joins = Joins.once(GROUP, keys, 20);
            BenchResult result = new ClosedLoop(target(server), 2)
                    .run("joins", Duration.ZERO, Duration.ofSeconds(20), joins::single);
            assertThat(result.done()).isEqualTo(20);
            assertThat(result.retries()).isEqualTo(1);
            assertThat(requests).hasValue(21);
            assertThat(joins.members()).isEqualTo(20);
            assertThat(keys.size()).isEqualTo(20);
        }
    }

    @Test
    void anOpenLoopFindsJoinsThatAreMissingOrWereAppliedTwice() throws Exception {
        AtomicLong incarnations = new AtomicLong();
        try (CannedServer server = new CannedServer(exchange ->
                CannedServer.send(exchange, 201, "application/json", joined(incarnations.incrementAndGet())))) {
            // Given
            MemberKeys keys = new MemberKeys();
            OpenLoop loop = new OpenLoop(target(server), GROUP, keys);
            BenchResult result = loop.run(20, Duration.ofSeconds(1));
            assertThat(result.done()).isEqualTo(20);
            assertThat(keys.size()).isEqualTo(20);
            List<Member> members = new ArrayList<>();
            for (CannedServer.Seen join : server.seen()) {
                String memberId = join.body().substring(13, 23);
                members.add(new Member(memberId, "127.0.0.1:9", members.size() + 1, "node-1", true, Map.of()));
            }

            // When
            List<Member> oneMissing = members.subList(1, 20);
            List<Member> oneTwice = new ArrayList<>(members);
            oneTwice.set(0, new Member(members.getFirst().memberId(), "127.0.0.1:9", 99, "node-1", true, Map.of()));

            // Then
            assertThat(loop.verify(view(oneMissing)).missing()).isEqualTo(1);
            assertThat(loop.verify(view(oneMissing)).isGood()).isFalse();
            assertThat(loop.verify(view(oneTwice)).isGood()).isFalse();
        }
    }

    @Test
    void everyWatcherIsCountedWhenItsEventArrives() throws Exception {
        try (CannedServer server = new CannedServer(exchange ->
                        CannedServer.send(exchange, 200, "text/event-stream", "id: 1\nevent: snapshot\ndata: {}\n\n"));
                WatchFan fan = WatchFan.open(target(server), GROUP, 50)) {
            assertThat(fan.awaitAll(Duration.ofSeconds(20))).hasSize(50).isSorted();
            assertThat(fan.broken()).isZero();
        }
    }

    private static String joined(long incarnation) {
        return "{\"incarnation\":" + incarnation + ",\"heartbeat\":{\"mode\":\"udp\",\"keyId\":1,\"key\":\""
                + "A".repeat(43) + "=\"}}";
    }

    private static View view(List<Member> members) {
        return new View("default", "bench-x", 1, null, members);
    }
}
