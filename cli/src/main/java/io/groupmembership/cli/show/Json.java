package io.groupmembership.cli.show;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import java.io.IOException;

/** The records of the API as JSON and back. Fields that this version does not know are skipped: nodes may be newer. */
public final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();

    private Json() {}

    /** Reads a record. Where the bytes are none, the failure says that no node of ours wrote them. */
    public static <T> T read(byte[] json, Class<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCode.ERROR, "the answer is not a " + type.getSimpleName() + ": is this a node of ours?");
        }
    }

    /** Reads a record from a file that gm or a node has written. */
    public static <T> T readFile(byte[] json, Class<T> type) throws IOException {
        return MAPPER.readValue(json, type);
    }

    /** One line, without spaces. */
    public static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON for " + value.getClass(), e);
        }
    }

    /** Indented, for people. */
    public static String pretty(Object value) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON for " + value.getClass(), e);
        }
    }

    /** The same JSON, indented, with every field that the server sent. */
    public static String indent(byte[] json) {
        try {
            return pretty(MAPPER.readTree(json));
        } catch (IOException e) {
            throw new CliFailure(ExitCode.ERROR, "the answer is not JSON: is this a node of ours?");
        }
    }
}
