package io.groupmembership.node.watch;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.groupmembership.membership.ViewChange;
import io.groupmembership.node.api.MonitorNames;
import io.groupmembership.node.api.ViewJson;
import io.groupmembership.node.api.ViewReading;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes events in the form of the HTML standard, section 9.2: {@code event:}, {@code id:} and {@code data:}, a blank
 * line behind. JSON has no line break of its own, so the data is one line.
 *
 * <p>Of the changes that share a position only the last has an id: a client that resumes behind it has them all.
 */
final class EventEncoder {
    private static final JsonFactory FACTORY = new JsonFactory();

    private EventEncoder() {}

    /** The events of one group's changes, in order, on its stream. */
    static Frame ofGroup(List<ViewChange> changes, MonitorNames monitors) {
        Buffer bytes = Buffer.buffer();
        for (ViewChange change : changes) {
            bytes.appendString(head("view", change.view()))
                    .appendBytes(json(change, monitors))
                    .appendString("\n\n");
        }
        return new Frame(changes.getFirst().view(), changes.getLast().view(), bytes, changes.size());
    }

    /** The events of one log entry, on the stream of everything. */
    static Frame ofEntry(List<ViewChange> changes, MonitorNames monitors) {
        Buffer bytes = Buffer.buffer();
        long position = changes.getLast().position();
        for (int i = 0; i < changes.size(); i++) {
            bytes.appendString(i == changes.size() - 1 ? head("view", position) : headWithoutId("view"))
                    .appendBytes(json(changes.get(i), monitors))
                    .appendString("\n\n");
        }
        return new Frame(position, position, bytes, changes.size());
    }

    /** The events of several log entries, in log order. */
    static List<Frame> ofEntries(List<ViewChange> changes, MonitorNames monitors) {
        List<Frame> frames = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= changes.size(); i++) {
            if (i == changes.size()
                    || changes.get(i).position() != changes.get(start).position()) {
                frames.add(ofEntry(changes.subList(start, i), monitors));
                start = i;
            }
        }
        return frames;
    }

    /** What stands before the data of an event. */
    static String head(String event, long id) {
        return "event: " + event + "\nid: " + id + "\ndata: ";
    }

    private static String headWithoutId(String event) {
        return "event: " + event + "\ndata: ";
    }

    /** One event for each group, the last with the id; only an id where there is no group. */
    static void writeAll(JsonGenerator json, String event, List<ViewReading> groups, long position) throws IOException {
        json.setRootValueSeparator(null);
        if (groups.isEmpty()) {
            json.writeRaw("id: " + position + "\n\n");
        }
        for (int i = 0; i < groups.size(); i++) {
            json.writeRaw(i == groups.size() - 1 ? head(event, position) : headWithoutId(event));
            ViewJson.writeView(json, groups.get(i).view(), groups.get(i).monitors());
            json.writeRaw("\n\n");
        }
    }

    static Buffer comment(String text) {
        return Buffer.buffer((": " + text + "\n\n").getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] json(ViewChange change, MonitorNames monitors) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = FACTORY.createGenerator(bytes, JsonEncoding.UTF8)) {
            ViewJson.writeChange(json, change, monitors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
