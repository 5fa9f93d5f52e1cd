package io.groupmembership.sidecar.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.sidecar.heartbeat.Caller.Kind;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallerTest {
    private static final long SECOND = 1_000_000_000;

    private static Caller caller(Kind kind, long nowNanos) throws IOException {
        Caller caller = new Caller(SocketChannel.open(), nowNanos);
        if (kind != Kind.UNKNOWN) {
            caller.become(kind, nowNanos);
        }
        return caller;
    }

    private static List<Caller> callers(Kind kind, int count) throws IOException {
        List<Caller> callers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            callers.add(caller(kind, i * SECOND));
        }
        return callers;
    }

    @ParameterizedTest
    @CsvSource({"'',UNKNOWN", "G,UNKNOWN", "GM,HEARTBEATS", "GMX,HEARTBEATS", "GE,REQUEST", "POST /,REQUEST"})
    void theFirstTwoBytesTellWhatAConnectionIsFor(String sent, Kind expected) throws IOException {
        Caller caller = caller(Kind.UNKNOWN, 0);
        caller.in().put(sent.getBytes(StandardCharsets.US_ASCII));
        assertThat(caller.recognized()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"UNKNOWN,64", "REQUEST,16", "ANSWERED,16", "HEARTBEATS,16"})
    void whereAKindIsFullWhoeverIsSilentForLongestMakesRoomAndNoOtherKindDoes(Kind kind, int most) throws IOException {
        for (Kind other : Kind.values()) {
            assertThat(Caller.whoMakesRoom(kind, callers(other, most - 1))).isEmpty();
            assertThat(Caller.whoMakesRoom(kind, callers(other, other == kind ? 0 : 100)))
                    .isEmpty();
        }
        List<Caller> full = callers(kind, most);
        assertThat(Caller.whoMakesRoom(kind, full)).contains(full.getFirst());
    }

    @Test
    void whoeverBroughtAHeartbeatStaysAsLongAsThereIsAStranger() throws IOException {
        // Given
        List<Caller> full = callers(Kind.HEARTBEATS, 16);
        full.subList(0, 15).forEach(caller -> caller.prove(0));
        // Then
        assertThat(Caller.whoMakesRoom(Kind.HEARTBEATS, full)).contains(full.get(15));
        // When
        full.get(15).prove(SECOND);
        full.get(0).prove(2 * SECOND);
        // Then
        assertThat(Caller.whoMakesRoom(Kind.HEARTBEATS, full)).contains(full.get(1));
    }

    @ParameterizedTest
    @CsvSource({"UNKNOWN,5", "REQUEST,5", "ANSWERED,1", "HEARTBEATS,10"})
    void aConnectionThatProvesNothingIsOverAfterItsTime(Kind kind, long seconds) throws IOException {
        Caller caller = caller(kind, 0);
        assertThat(caller.isOver(seconds * SECOND)).isFalse();
        assertThat(caller.isOver(seconds * SECOND + 1)).isTrue();
    }

    @Test
    void aRequestThatComesByteByByteHasTheTimeOfItsFirst() throws IOException {
        Caller caller = caller(Kind.UNKNOWN, 0);
        caller.become(Kind.REQUEST, 4 * SECOND);
        assertThat(caller.isOver(5 * SECOND + 1)).isTrue();
    }

    @Test
    void aConnectionWithHeartbeatsIsOverTwoMinutesAfterTheLast() throws IOException {
        Caller caller = caller(Kind.HEARTBEATS, 0);
        caller.prove(5 * SECOND);
        assertThat(caller.isOver(125 * SECOND)).isFalse();
        assertThat(caller.isOver(125 * SECOND + 1)).isTrue();
    }
}
