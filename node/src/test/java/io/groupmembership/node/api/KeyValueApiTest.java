package io.groupmembership.node.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.groupmembership.protocol.Limits;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(InMemoryNode.class)
class KeyValueApiTest {
    private final String path = "/v1/namespaces/default/kv/test/" + UUID.randomUUID();

    @Test
    void aValueIsTheBytesThatWerePut() {
        byte[] value = {0, 1, (byte) 0xFF, '\n', (byte) 0xC3};

        String tag = put(given(), value).then().statusCode(201).extract().header("ETag");

        Response read = given().get(path);
        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(read.contentType()).isEqualTo("application/octet-stream");
        assertThat(read.asByteArray()).isEqualTo(value);
        assertThat(read.header("ETag")).isEqualTo(tag);
        put(given(), new byte[0]).then().statusCode(200).body("key", equalTo(path.substring(path.indexOf("test/"))));
        assertThat(given().get(path).asByteArray()).isEmpty();
        assertThat(given().get(path).statusCode()).isEqualTo(200);
    }

    @Test
    void compareAndSetWritesOnlyOverTheVersionThatItNames() {
        String first = put(given(), "1").header("ETag");
        String second = put(given().header("If-Match", first), "2")
                .then()
                .statusCode(200)
                .extract()
                .header("ETag");

        put(given().header("If-Match", first), "3")
                .then()
                .statusCode(412)
                .contentType(Problems.MEDIA_TYPE)
                .header("ETag", second)
                .body("type", equalTo("urn:groupmembership:problem:condition-failed"))
                .body("detail", equalTo("the key has version " + second.replace("\"", "")));
        assertThat(given().get(path).asString()).isEqualTo("2");
    }

    @Test
    void aKeyIsCreatedOnce() {
        put(given().header("If-None-Match", "*"), "1").then().statusCode(201);
        put(given().header("If-None-Match", "*"), "2").then().statusCode(412);
        put(given().header("If-Match", "*"), "3").then().statusCode(200);
    }

    @Test
    void whatDoesNotExistMatchesNothing() {
        put(given().header("If-Match", "*"), "1").then().statusCode(412).header("ETag", nullValue());
        put(given().header("If-Match", "\"1\""), "1").then().statusCode(412);
        given().get(path).then().statusCode(404).contentType(Problems.MEDIA_TYPE);
        given().delete(path).then().statusCode(404);
    }

    @Test
    void aKeyIsDeletedOnceAndOnlyAtTheVersionThatIsNamed() {
        String tag = put(given(), "1").header("ETag");

        given().header("If-Match", "\"0\"").delete(path).then().statusCode(412).header("ETag", tag);
        given().header("If-Match", tag).delete(path).then().statusCode(204).body(equalTo(""));
        given().delete(path).then().statusCode(404);
    }

    @Test
    void aReaderThatHasTheVersionGetsNoBody() {
        String tag = put(given(), "1").header("ETag");

        given().header("If-None-Match", tag)
                .get(path)
                .then()
                .statusCode(304)
                .header("ETag", tag)
                .body(equalTo(""));
        given().header("If-None-Match", "\"1x\"").get(path).then().statusCode(200);
        given().header("If-None-Match", "*").get(path).then().statusCode(304);
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "W/\"17\"", "\"17\", \"18\"", "x"})
    void aConditionThatIsNoneIsRefusedWithTheNameOfItsHeader(String value) {
        put(given().header("If-Match", value), "1").then().statusCode(400).body("field", equalTo("If-Match"));
        put(given().header("If-None-Match", value), "1").then().statusCode(400).body("field", equalTo("If-None-Match"));
        given().header("If-None-Match", value).get(path).then().statusCode(400).body("field", equalTo("If-None-Match"));
        given().get(path).then().statusCode(404);
    }

    @Test
    void aValueOfExactlyTheLimitIsTakenAndOneByteMoreIsNot() {
        put(given(), new byte[Limits.VALUE_BYTES]).then().statusCode(201);
        put(given(), new byte[Limits.VALUE_BYTES + 1]).then().statusCode(413).contentType(Problems.MEDIA_TYPE);
        assertThat(given().get(path).asByteArray()).hasSize(Limits.VALUE_BYTES);
    }

    @Test
    void theSameWriteWithTheSameKeyIsCarriedOutOnce() {
        String key = UUID.randomUUID().toString();
        String tag = put(given().header("Idempotency-Key", key), "1").header("ETag");
        put(given(), "2").then().statusCode(200);

        put(given().header("Idempotency-Key", key), "1").then().statusCode(201).header("ETag", tag);

        assertThat(given().get(path).asString()).isEqualTo("2");
        put(given().header("Idempotency-Key", key), "3").then().statusCode(422);
        put(given().header("Idempotency-Key", key).header("If-Match", "*"), "1")
                .then()
                .statusCode(422);
    }

    @Test
    void aReadCanBeStale() {
        put(given(), "1").then().statusCode(201);

        given().get(path + "?consistency=stale").then().statusCode(200);
        given().urlEncodingEnabled(false)
                .get(path + "?consistency=")
                .then()
                .statusCode(400)
                .body("field", equalTo("consistency"));
    }

    private Response put(RequestSpecification request, String value) {
        return request.contentType("text/plain").body(value).put(path);
    }

    private Response put(RequestSpecification request, byte[] value) {
        return request.contentType("application/octet-stream").body(value).put(path);
    }
}
