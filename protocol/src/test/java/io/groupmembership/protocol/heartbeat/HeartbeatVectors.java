package io.groupmembership.protocol.heartbeat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The vectors of heartbeat-vectors.json, which a program in another language has made. */
record HeartbeatVectors(List<Vector> keys, List<Vector> datagrams) {
    /** The fields of one vector, as text. */
    record Vector(Map<String, String> fields) {
        String text(String field) {
            return Objects.requireNonNull(fields.get(field), field);
        }

        long number(String field) {
            return Long.parseLong(text(field));
        }

        int small(String field) {
            return Integer.parseInt(text(field));
        }
    }

    static HeartbeatVectors read() throws IOException {
        List<Vector> keys = new ArrayList<>();
        List<Vector> datagrams = new ArrayList<>();
        InputStream resource = HeartbeatVectors.class.getResourceAsStream("heartbeat-vectors.json");
        try (JsonParser json = new JsonFactory().createParser(Objects.requireNonNull(resource))) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.START_OBJECT
                        && json.getParsingContext().getParent().inArray()) {
                    String list =
                            json.getParsingContext().getParent().getParent().getCurrentName();
                    (list.equals("keys") ? keys : datagrams).add(vector(json));
                }
            }
        }
        return new HeartbeatVectors(keys, datagrams);
    }

    private static Vector vector(JsonParser json) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            json.nextToken();
            fields.put(field, json.getText());
        }
        return new Vector(fields);
    }
}
