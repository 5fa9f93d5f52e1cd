package io.groupmembership.node.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Reads requests to the letter: a field that is unknown, comes twice, or has another type than it should is a problem,
 * and so is anything behind the end or nested deeper than any request is. Nothing is converted: {@code "16"} is no
 * number, 16 no text, 1.5 no integer.
 */
public final class StrictJson {
    private static final int MOST_NESTING = 16;
    private static final int MOST_TEXT_CHARACTERS = 64 * 1024;
    private static final int MOST_DIGITS = 32;

    /** Names of metadata are anybody's, so they are not interned; the parser's own table of them is bounded. */
    static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MOST_NESTING)
                    .maxStringLength(MOST_TEXT_CHARACTERS)
                    .maxNumberLength(MOST_DIGITS)
                    .build())
            .build();

    private static final JsonMapper MAPPER = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual,
                    text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .withCoercionConfigDefaults(any -> any.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .build();

    private StrictJson() {}

    /** The mapper, for those that write. */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    public static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The value that the bytes are the JSON of; a problem that says where it is not. */
    public static <T> T read(byte[] json, Class<T> type) {
        try {
            T value = MAPPER.readValue(json, type);
            if (value == null) {
                throw Problems.malformedJson("the body must be a JSON object, and is null");
            }
            return value;
        } catch (UnrecognizedPropertyException e) {
            throw Problems.unknownField(path(e));
        } catch (MismatchedInputException e) {
            throw e.getPath().isEmpty() ? Problems.malformedJson(wrongBody(json, e)) : mismatch(e);
        } catch (JsonMappingException e) {
            throw e.getPath().isEmpty()
                    ? Problems.malformedJson(where(e))
                    : Problems.invalidField(path(e), "can't be read: " + where(e));
        } catch (JsonProcessingException e) {
            throw Problems.malformedJson(where(e));
        } catch (IOException e) {
            throw Problems.malformedJson("the body is no JSON in UTF-8");
        }
    }

    private static String wrongBody(byte[] json, MismatchedInputException e) {
        return json.length == 0 ? "the body must be a JSON object, and is empty" : where(e);
    }

    private static ProblemException mismatch(MismatchedInputException e) {
        Class<?> wanted = e.getTargetType();
        String what;
        if (wanted == null) {
            what = "another type";
        } else if (wanted == String.class) {
            what = "a string";
        } else if (Number.class.isAssignableFrom(wanted) || wanted == long.class || wanted == int.class) {
            what = "an integer";
        } else if (wanted.isArray() || Iterable.class.isAssignableFrom(wanted)) {
            what = "an array";
        } else {
            what = "an object";
        }
        return Problems.invalidField(path(e), "must be " + what);
    }

    private static String where(JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        String place = location == null || location.getLineNr() < 0
                ? ""
                : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
        String reason = e instanceof JsonParseException ? firstSentence(e.getOriginalMessage()) : "";
        return "the body is not the JSON that this request takes" + place + reason;
    }

    /** What the parser says, as one line without its own idea of the source. */
    private static String firstSentence(String message) {
        String line = message.lines().findFirst().orElse("").strip();
        return line.isEmpty() ? "" : ": " + (line.length() <= 160 ? line : line.substring(0, 160) + "…");
    }

    private static String path(JsonMappingException e) {
        return path(e.getPath());
    }

    private static String path(List<JsonMappingException.Reference> references) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference reference : references) {
            if (reference.getFieldName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                String name = reference.getFieldName();
                path.append(path.isEmpty() ? "" : ".").append(name.length() <= 64 ? name : name.substring(0, 64) + "…");
            }
        }
        return path.toString();
    }
}
