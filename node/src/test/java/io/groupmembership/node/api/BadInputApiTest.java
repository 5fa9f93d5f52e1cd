package io.groupmembership.node.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.groupmembership.protocol.Limits;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong with a request, the answer is a problem that says what, and nothing has changed. */
@QuarkusTest
@TestProfile(InMemoryNode.class)
class BadInputApiTest {
    private final String group = "bad-" + UUID.randomUUID();
    private final String path = "/v1/namespaces/default/groups/" + group;

    @AfterEach
    void nothingHasChanged() {
        given().get(path).then().statusCode(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"memberId\":\"a\",\"address\":\"h:1\",\"colour\":\"red\"}|colour",
                "{\"memberId\":\"a\",\"address\":\"h:1\",\"replaces\":\"16\"}|replaces",
                "{\"memberId\":\"a\",\"address\":\"h:1\",\"replaces\":1.5}|replaces",
                "{\"memberId\":7,\"address\":\"h:1\"}|memberId",
                "{\"memberId\":\"a\"}|address",
                "{\"memberId\":\"a\",\"address\":\"h:0\"}|address",
                "{\"memberId\":\"a\",\"address\":\"h:65536\"}|address",
                "{\"memberId\":\"a\",\"address\":\"::1:7000\"}|address",
                "{\"memberId\":\"../../x\",\"address\":\"h:1\"}|memberId",
                "{\"memberId\":\"a\\u0000b\",\"address\":\"h:1\"}|memberId",
                "{\"memberId\":\"a\\nb\",\"address\":\"h:1\"}|memberId",
                "{\"memberId\":\"a\",\"address\":\"h:1\",\"heartbeat\":\"udp\"}|instance",
                "{\"memberId\":\"a\",\"address\":\"h:1\",\"metadata\":{\"a\":null}}|metadata.a"
            })
    void aWrongFieldIsNamed(String body, String field) {
        given().contentType("application/json")
                .body(body)
                .post(path + "/members")
                .then()
                .statusCode(400)
                .contentType(Problems.MEDIA_TYPE)
                .body("status", equalTo(400))
                .body("field", equalTo(field));
    }

    @Test
    void fiveKibibytesOfMetadataAreRefused() {
        given().contentType("application/json")
                .body("{\"memberId\":\"a\",\"address\":\"h:1\",\"metadata\":{\"k\":\"" + "x".repeat(5_120) + "\"}}")
                .post(path + "/members")
                .then()
                .statusCode(400)
                .body("field", equalTo("metadata"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{\"memberId\":\"a\"} x", "{\"memberId\":\"a\",\"memberId\":\"b\"}"})
    void whatIsNoJsonOfARequestIsRefused(String body) {
        given().contentType("application/json")
                .body(body)
                .post(path + "/members")
                .then()
                .statusCode(400)
                .contentType(Problems.MEDIA_TYPE)
                .body("type", equalTo("urn:groupmembership:problem:malformed-json"));
    }

    @Test
    void anotherMediaTypeIsRefused() {
        given().contentType("text/plain")
                .body("{\"memberId\":\"a\",\"address\":\"h:1\"}")
                .post(path + "/members")
                .then()
                .statusCode(415)
                .contentType(Problems.MEDIA_TYPE);
        given().accept("image/png").get("/v1/groups").then().statusCode(406).contentType(Problems.MEDIA_TYPE);
    }

    @Test
    void tenMegabytesAreRefusedWhetherTheyAreAnnouncedOrNot() throws IOException {
        byte[] body = new byte[10 * 1024 * 1024];
        java.util.Arrays.fill(body, (byte) ' ');
        String announced = RawHttp.exchange(
                RestAssured.port,
                "POST " + path + "/members HTTP/1.1\nContent-Type: application/json\nContent-Length: " + body.length,
                body);
        byte[] chunk = new byte[0x10000];
        java.util.Arrays.fill(chunk, (byte) ' ');
        String chunked =
                ("10000\r\n" + new String(chunk, StandardCharsets.US_ASCII) + "\r\n").repeat(160) + "0\r\n\r\n";
        String unannounced = RawHttp.exchange(
                RestAssured.port,
                "POST " + path + "/members HTTP/1.1\nContent-Type: application/json\nTransfer-Encoding: chunked",
                chunked.getBytes(StandardCharsets.US_ASCII));

        assertThat(announced).startsWith("HTTP/1.1 413").contains(Problems.MEDIA_TYPE, "4194304");
        assertThat(unannounced).startsWith("HTTP/1.1 413").contains(Problems.MEDIA_TYPE, "4194304");
    }

    @Test
    void aChunkedBodyWithinTheLimitIsRead() throws IOException {
        String answer = RawHttp.exchange(
                RestAssured.port,
                "POST " + path + "/members HTTP/1.1\nContent-Type: application/json\nTransfer-Encoding: chunked",
                "c\r\n{\"memberId\":\r\n3\r\n\"a\"\r\n1\r\n}\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

        assertThat(answer).startsWith("HTTP/1.1 400").contains("\"field\":\"address\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/namespaces/default/groups/%2e%2e",
                "/v1/namespaces/default/groups/../groups/g",
                "/v1/namespaces/default/groups/a%2fb",
                "/v1/namespaces/default/groups/a%5Cb",
                "/v1/namespaces/default/groups//g",
                "/v1/namespaces/default/groups/g;a=b",
                "/v1/namespaces/default/groups/g%00",
                "/v1/namespaces/default/groups/g%0a",
                "/v1/namespaces/default/groups/%252e%252e",
                "/v1/namespaces/default/kv/a/%2e%2e/%2e%2e/b",
                "/v1/namespaces/default/kv/a/../../../other/kv/b",
                "/v1/namespaces/default/kv//a",
                "/v1/namespaces/default/kv/a/",
                "/../v1/groups",
                "/q/../v1/groups"
            })
    void aPathThatMayMeanAnotherThingIsRefused(String trick) throws IOException {
        String answer = RawHttp.exchange(RestAssured.port, "GET " + trick + " HTTP/1.1");

        assertThat(answer).startsWith("HTTP/1.1 400").contains(Problems.MEDIA_TYPE, "invalid-path");
    }

    /** What is no URI at all does not get as far as the API. */
    @Test
    void aPathThatCannotBeDecodedIsRefused() throws IOException {
        assertThat(RawHttp.exchange(RestAssured.port, "GET /v1/namespaces/default/groups/g%zz HTTP/1.1"))
                .startsWith("HTTP/1.1 400");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/namespaces/Default/groups/g, namespace",
        "/v1/namespaces/a.b/groups/g, namespace",
        "/v1/namespaces/default/groups/G, group",
        "/v1/namespaces/default/groups/-g, group",
        "/v1/namespaces/default/groups/g_h, group",
        "/v1/namespaces/default/groups/g%3Ah, group",
        "/v1/namespaces/default/groups/g/removals/-a, memberId",
        "/v1/namespaces/default/groups/g/removals/a%c3%a9, memberId",
        "/v1/nodes/-/members, nodeId",
        "/v1/namespaces/default/kv/a*b, key"
    })
    void aNameInThePathThatIsNoNameIsRefused(String wrong, String field) throws IOException {
        String answer = RawHttp.exchange(RestAssured.port, "GET " + wrong + " HTTP/1.1");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("\"field\":\"" + field + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "x", "1.5", "", "99999999999999999999"})
    void anIncarnationThatIsNoneIsRefused(String incarnation) {
        given().urlEncodingEnabled(false)
                .delete(path + "/members/a?incarnation=" + incarnation)
                .then()
                .statusCode(400)
                .body("field", equalTo("incarnation"));
    }

    @Test
    void theLargestIncarnationIsOne() {
        given().delete(path + "/members/a?incarnation=" + Long.MAX_VALUE).then().statusCode(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "x", "0-0-0-0-0", "01020304-0506-0708-090a-0b0c0d0e0f10&incarnation=1"})
    void anInstanceThatIsNoneOrComesWithAnIncarnationIsRefused(String instance) {
        given().urlEncodingEnabled(false)
                .delete(path + "/members/a?instance=" + instance)
                .then()
                .statusCode(400)
                .body("field", equalTo("instance"));
    }

    @ParameterizedTest
    @CsvSource({"GET, /", "GET, /v1", "GET, /v2/groups", "POST, /v1/nope", "GET, /v1/namespaces/a"})
    void whereNothingIsTheAnswerIsAProblemToo(String method, String where) {
        given().request(method, where).then().statusCode(404).contentType(Problems.MEDIA_TYPE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/groups",
                "/v1/nodes",
                "/v1/nodes/node-1/members",
                "/v1/raft",
                "/v1/namespaces/default/groups/g",
                "/v1/namespaces/default/groups/g/policy",
                "/v1/namespaces/default/groups/g/removals/a",
                "/v1/namespaces/default/groups/g/members",
                "/v1/namespaces/default/groups/g/members/a",
                "/v1/namespaces/default/kv/a/b"
            })
    void aMethodThatAPathDoesNotTakeIsRefusedWithThoseThatItTakes(String where) {
        String options = given().options(where).then().statusCode(204).extract().header("Allow");
        String allow = given().request("PATCH", where)
                .then()
                .statusCode(405)
                .contentType(Problems.MEDIA_TYPE)
                .extract()
                .header("Allow");

        assertThat(allow.split(", ")).containsExactlyInAnyOrder(options.split(", "));
    }

    @Test
    void changesOfTheRaftGroupAreNotServedToClients() {
        given().contentType("application/json")
                .body("{}")
                .put("/v1/raft/configuration")
                .then()
                .statusCode(404);
        given().contentType("application/json")
                .body("{}")
                .post("/v1/raft/leader")
                .then()
                .statusCode(404);
        given().get("/v1/raft").then().statusCode(200).body("peers", hasSize(1));
    }

    @Test
    void aBatchOfMoreThanAThousandIsRefused() {
        String member = "{\"memberId\":\"a\",\"address\":\"h:1\"}";
        String members = (member + ",").repeat(Limits.BATCH_MEMBERS) + member;

        given().contentType("application/json")
                .body("{\"members\":[" + members + "]}")
                .urlEncodingEnabled(false)
                .post(path + "/members:batch")
                .then()
                .statusCode(400)
                .body("field", equalTo("members"));
    }
}
