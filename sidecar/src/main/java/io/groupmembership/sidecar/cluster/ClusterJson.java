package io.groupmembership.sidecar.cluster;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.groupmembership.protocol.api.JoinRequest;
import io.groupmembership.protocol.api.JoinResponse;
import io.groupmembership.protocol.api.Problem;
import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON that agents write and read. Fields that an agent does not know are skipped: nodes may be newer. */
public final class ClusterJson {
    /** Names of metadata are anybody's: a table of every name ever seen would only grow. */
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private ClusterJson() {}

    /** What fills one JSON object. */
    @FunctionalInterface
    public interface ObjectWriter {
        void write(JsonGenerator json) throws IOException;
    }

    /** One JSON object as text. */
    public static String object(ObjectWriter fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory can't fail", e);
        }
        return text.toString();
    }

    static JsonParser parser(InputStream data) throws IOException {
        return FACTORY.createParser(data);
    }

    static void expect(boolean fulfilled) throws IOException {
        if (!fulfilled) {
            throw new IOException("JSON of another shape than the API's");
        }
    }

    public static String joinRequest(JoinRequest request) {
        return object(json -> {
            writeString(json, "memberId", request.memberId());
            writeString(json, "address", request.address());
            writeString(json, "heartbeat", request.heartbeat());
            writeString(json, "heartbeatAddress", request.heartbeatAddress());
            writeString(json, "instance", request.instance());
            if (request.replaces() != null) {
                json.writeNumberField("replaces", request.replaces());
            }
            Map<String, @Nullable String> metadata = request.metadata();
            if (metadata != null) {
                json.writeObjectFieldStart("metadata");
                for (Map.Entry<String, @Nullable String> entry : metadata.entrySet()) {
                    writeString(json, entry.getKey(), entry.getValue());
                }
                json.writeEndObject();
            }
        });
    }

    private static void writeString(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    public static JoinResponse joinResponse(InputStream body) throws IOException {
        String namespace = "";
        String group = "";
        String memberId = "";
        String monitor = "";
        Integer keyId = null;
        String key = null;
        String mode = "";
        long incarnation = 0;
        long view = -1;
        long intervalMillis = 0;
        int misses = 0;
        try (JsonParser json = parser(body)) {
            expect(json.nextToken() == JsonToken.START_OBJECT);
            for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                json.nextToken();
                switch (field) {
                    case "namespace" -> namespace = text(json);
                    case "group" -> group = text(json);
                    case "memberId" -> memberId = text(json);
                    case "monitor" -> monitor = text(json);
                    case "incarnation" -> incarnation = number(json);
                    case "view" -> view = number(json);
                    // both are objects: what they hold is read as if it stood here
                    case "lease", "heartbeat" -> {
                        for (String inner = innerField(json); inner != null; inner = json.nextFieldName()) {
                            json.nextToken();
                            switch (inner) {
                                case "intervalMillis" -> intervalMillis = number(json);
                                case "misses" -> misses = (int) number(json);
                                case "mode" -> mode = text(json);
                                case "keyId" ->
                                    keyId = json.currentToken() == JsonToken.VALUE_NULL ? null : (int) number(json);
                                case "key" -> key = json.currentToken() == JsonToken.VALUE_NULL ? null : text(json);
                                default -> json.skipChildren();
                            }
                        }
                    }
                    default -> json.skipChildren();
                }
            }
            expect(incarnation > 0 && view >= 0);
        }
        return new JoinResponse(
                namespace,
                group,
                memberId,
                incarnation,
                view,
                monitor,
                new JoinResponse.Lease(intervalMillis, misses),
                heartbeat(mode, keyId, key));
    }

    private static JoinResponse.Heartbeat heartbeat(String mode, @Nullable Integer keyId, @Nullable String key)
            throws IOException {
        try {
            if (keyId != null && key != null) {
                HeartbeatKey.of(keyId, key);
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("the node's answer has no good key for heartbeats: " + e.getMessage(), e);
        }
        return new JoinResponse.Heartbeat(mode, keyId, key);
    }

    /** The refusal in an answer's body; where there is none, one that knows only the status. */
    public static Problem problem(int status, InputStream body) {
        String type = Problem.TYPE_PREFIX + "unknown";
        String title = "HTTP status " + status;
        String detail = "the node answered with HTTP status " + status;
        String field = null;
        Long incarnation = null;
        try (JsonParser json = parser(body)) {
            expect(json.nextToken() == JsonToken.START_OBJECT);
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                JsonToken value = json.nextToken();
                if (value == JsonToken.VALUE_STRING) {
                    switch (name) {
                        case "type" -> type = json.getText();
                        case "title" -> title = json.getText();
                        case "detail" -> detail = json.getText();
                        case "field" -> field = json.getText();
                        default -> json.skipChildren();
                    }
                } else if (name.equals("incarnation") && value == JsonToken.VALUE_NUMBER_INT) {
                    incarnation = json.getLongValue();
                } else {
                    json.skipChildren();
                }
            }
        } catch (IOException e) {
            // something between agent and node answered in its own words: the status is what counts
            return new Problem(type, title, status, detail, field, incarnation);
        }
        return new Problem(type, title, status, detail, field, incarnation);
    }

    private static @Nullable String innerField(JsonParser json) throws IOException {
        return json.currentToken() == JsonToken.START_OBJECT ? json.nextFieldName() : null;
    }

    static String text(JsonParser json) throws IOException {
        expect(json.currentToken() == JsonToken.VALUE_STRING);
        return json.getText();
    }

    static long number(JsonParser json) throws IOException {
        expect(json.currentToken() == JsonToken.VALUE_NUMBER_INT);
        return json.getLongValue();
    }
}
