package io.groupmembership.operator.group.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class EventReaderTest {
    private int heard;

    private EventReader reader(InputStream in) {
        return new EventReader(in, () -> heard++, 100);
    }

    private List<WatchEvent> read(String text) throws IOException {
        return readAll(reader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))));
    }

    private static List<WatchEvent> readAll(EventReader reader) throws IOException {
        List<WatchEvent> events = new ArrayList<>();
        for (Optional<WatchEvent> event = reader.next(); event.isPresent(); event = reader.next()) {
            events.add(event.get());
        }
        return events;
    }

    @Test
    void whatANodeWritesIsRead() throws IOException {
        List<WatchEvent> events = read(CapturedEvents.GREETING
                + CapturedEvents.EMPTY_CLUSTER
                + CapturedEvents.FIRST_JOIN
                + CapturedEvents.KEEPALIVE
                + CapturedEvents.LEAVE);

        GroupKey orders = new GroupKey("shop", "orders");
        assertThat(events)
                .containsExactly(
                        new WatchEvent.Nothing(OptionalLong.of(3)),
                        new WatchEvent.Change(
                                orders,
                                1,
                                List.of(new MirroredMember(
                                        "orders-0", 1, Optional.of(UUID.fromString(CapturedEvents.POD_UID)))),
                                List.of(),
                                OptionalLong.of(4)),
                        new WatchEvent.Change(
                                orders, 4, List.of(), List.of(new Departure("plain", 2, "left")), OptionalLong.of(8)));
    }

    @Test
    void wholeViewsComeAsPackedTablesAndTheLastOneHasTheId() throws IOException {
        List<WatchEvent> events = read(CapturedEvents.GREETING + CapturedEvents.everything("snapshot"));

        assertThat(events).hasSize(2);
        WatchEvent.Whole carts = (WatchEvent.Whole) events.getFirst();
        WatchEvent.Whole orders = (WatchEvent.Whole) events.getLast();
        assertThat(carts.id()).isEmpty();
        assertThat(orders.id()).hasValue(10);
        assertThat(orders.view()).isEqualTo(5);
        assertThat(orders.members().firstIds(10)).containsExactly("b1", "b2");
    }

    @Test
    void bytesMayArriveInAnyPieces() throws IOException {
        byte[] bytes = (CapturedEvents.everything("reset") + CapturedEvents.CRASH).getBytes(StandardCharsets.UTF_8);
        InputStream oneByOne = new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(1, length));
            }
        };

        assertThat(readAll(reader(oneByOne))).hasSize(3);
        assertThat(heard).isEqualTo(bytes.length);
    }

    @Test
    void linesMayEndWithCarriageReturns() throws IOException {
        assertThat(read(CapturedEvents.FIRST_JOIN.replace("\n", "\r\n"))).hasSize(1);
    }

    @Test
    void aCommentAloneShowsThatTheStreamLives() throws IOException {
        assertThat(read(CapturedEvents.KEEPALIVE)).isEmpty();
        assertThat(heard).isEqualTo(1);
    }

    @Test
    void anEventThatIsCutOffIsNone() throws IOException {
        String whole = CapturedEvents.FIRST_JOIN;

        assertThat(read(whole.substring(0, whole.length() - 1))).isEmpty();
        assertThatThrownBy(() -> read(whole.substring(0, whole.length() - 20))).isInstanceOf(IOException.class);
    }

    @Test
    void unknownTypesAndFieldsArePassedOver() throws IOException {
        List<WatchEvent> events = read("event: weather\nid: 7\ndata: {\"rain\":true}\n\n"
                + CapturedEvents.FIRST_JOIN.replace("\"left\":[]", "\"left\":[],\"because\":{\"of\":[1,{\"a\":2}]}"));

        assertThat(events).singleElement().isInstanceOf(WatchEvent.Change.class);
    }

    @Test
    void aUidThatIsNoneIsNoPod() throws IOException {
        for (String uid : List.of("", "x", "6A0F7F0E-3C1D-4F0A-8A30-0D6F8F1B2C3D", "1-2-3-4-5")) {
            WatchEvent.Change change =
                    (WatchEvent.Change) read(CapturedEvents.FIRST_JOIN.replace(CapturedEvents.POD_UID, uid))
                            .getFirst();
            assertThat(change.joined().getFirst().podUid()).isEmpty();
        }
    }

    @Test
    void whatIsNoEventIsRefused() {
        String join = CapturedEvents.FIRST_JOIN;
        for (String wrong : List.of(
                join.replace("\"view\":1,", ""),
                join.replace("\"group\":\"orders\"", "\"group\":\"Orders_\""),
                join.replace("\"namespace\":\"shop\"", "\"namespace\":\"../etc\""),
                join.replace("\"incarnation\":1,", ""),
                join.replace("\"memberId\":\"orders-0\"", "\"memberId\":\"a/b\""),
                CapturedEvents.CRASH.replace("\"incarnation\":1,", ""),
                CapturedEvents.CRASH.replace("\"memberId\":\"orders-0\"", "\"memberId\":\"a/b\""),
                join.replace("id: 4", "id: four"),
                join.replace("id: 4", "id: " + "9".repeat(2_000)),
                join.replace("event: view", "x".repeat(100) + ": view"),
                join.replace("\"joined\":[", "\"joined\":[{\"a\":" + "[".repeat(50)),
                join.replace("data: {", "data: [{"),
                join.replace("\n\n", "\ndata: {}\n\n"))) {
            assertThatThrownBy(() -> read(wrong)).as(wrong).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aViewWithMoreMembersThanTheBoundIsRefusedBeforeItIsKept() {
        StringBuilder members = new StringBuilder();
        for (int i = 1; i <= 101; i++) {
            members.append(i == 1 ? "" : ",")
                    .append("{\"memberId\":\"m")
                    .append(i)
                    .append("\",\"incarnation\":")
                    .append(i)
                    .append("}");
        }
        String event = "event: snapshot\ndata: {\"namespace\":\"n\",\"group\":\"g\",\"view\":1,\"members\":[" + members
                + "]}\n\n";

        assertThatThrownBy(() -> read(event)).hasMessageContaining("more than 100 members");
    }
}
