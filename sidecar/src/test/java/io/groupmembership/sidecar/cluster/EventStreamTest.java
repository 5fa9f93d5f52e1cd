package io.groupmembership.sidecar.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class EventStreamTest {
    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> read(InputStream in) throws IOException {
        EventStream stream = new EventStream(in);
        List<String> events = new ArrayList<>();
        Optional<EventStream.Event<String>> event;
        do {
            event = stream.next(data -> new String(data.readAllBytes(), StandardCharsets.UTF_8));
            event.ifPresent(e -> events.add(e.name() + "=" + e.data()));
        } while (event.isPresent());
        return events;
    }

    @Test
    void fieldsMayComeInAnyOrderAndCommentsBetweenThem() throws IOException {
        String text = """
                : hello

                event: view
                id: 4
                data: one

                : keepalive

                data: two
                : in between
                id:5
                event:reset

                retry: 3

                data

                data:three
                data: four

                """;
        assertThat(read(bytes(text))).containsExactly("view=one", "reset=two", "message=", "message=three\nfour");
    }

    @Test
    void linesMayEndAsTheStandardLetsThem() throws IOException {
        assertThat(read(bytes("event: a\r\ndata: x\r\n\r\nevent: b\rdata: y\r\r")))
                .containsExactly("a=x", "b=y");
    }

    @Test
    void whatTheReaderLeavesUnreadIsSkipped() throws IOException {
        EventStream stream = new EventStream(bytes("data: long data\nevent: late\n\ndata: next\n\n"));

        assertThat(stream.next(data -> data.read())).contains(new EventStream.Event<>("late", (int) 'l'));
        assertThat(stream.next(data -> data.read())).contains(new EventStream.Event<>("message", (int) 'n'));
    }

    @Test
    void aStreamThatBreaksWithinAnEventIsAnError() {
        assertThatThrownBy(() -> read(bytes("event: view\ndata: {\"view\":"))).isInstanceOf(EOFException.class);
    }

    @Property
    void eventsAreTheSameHoweverTheirBytesArrive(
            @ForAll @Size(max = 8) List<@AlphaChars @StringLength(max = 40) String> data, @ForAll long seed)
            throws IOException {
        StringBuilder text = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (String one : data) {
            text.append("event: view\ndata: ").append(one).append("\nid: 1\n\n: keepalive\n\n");
            expected.add("view=" + one);
        }
        Random random = new Random(seed);
        InputStream dribble = new InputStream() {
            private final InputStream all = bytes(text.toString());

            @Override
            public int read() throws IOException {
                return all.read();
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return all.read(into, offset, Math.min(length, 1 + random.nextInt(7)));
            }
        };
        assertThat(read(dribble)).isEqualTo(expected);
    }
}
