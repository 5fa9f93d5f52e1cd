package io.groupmembership.node.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import io.groupmembership.node.api.InMemoryReplica.Mood;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(InMemoryNode.class)
class UnavailabilityApiTest {
    @Inject
    InMemoryReplica replica;

    @AfterEach
    void recover() {
        replica.setMood(Mood.WORKING);
    }

    @Test
    void withoutAMajorityNeitherReadsNorWritesAreAnswered() {
        replica.setMood(Mood.NO_MAJORITY);

        put().statusCode(503)
                .contentType(Problems.MEDIA_TYPE)
                .header("Retry-After", "1")
                .body("type", equalTo("urn:groupmembership:problem:unavailable"));
        given().get("/v1/groups").then().statusCode(503).header("Retry-After", "1");
        given().get("/v1/namespaces/default/kv/a").then().statusCode(503);
        given().get("/v1/namespaces/default/groups/g?watch=true")
                .then()
                .statusCode(503)
                .header("Retry-After", "1");
        given().get("/v1/watch").then().statusCode(503).contentType(Problems.MEDIA_TYPE);
    }

    @Test
    void withoutAMajorityAStaleReadAndTheRaftStateAreAnswered() {
        replica.setMood(Mood.NO_MAJORITY);

        given().get("/v1/groups?consistency=stale").then().statusCode(200);
        given().get("/v1/raft").then().statusCode(200).body("role", equalTo("candidate"));
    }

    @Test
    void aWriteWhoseOutcomeIsUnknownSaysSo() {
        replica.setMood(Mood.OUTCOME_UNKNOWN);

        put().statusCode(503)
                .body("type", equalTo("urn:groupmembership:problem:outcome-unknown"))
                .body("detail", containsString("same Idempotency-Key"));
    }

    @Test
    void overloadIsAnsweredWithARequestToComeBack() {
        replica.setMood(Mood.OVERLOADED);

        put().statusCode(429).contentType(Problems.MEDIA_TYPE).header("Retry-After", "1");
    }

    @Test
    void whatNobodyForesawIsNotToldToClients() {
        replica.setMood(Mood.FAILING);

        put().statusCode(500)
                .contentType(Problems.MEDIA_TYPE)
                .body("type", equalTo("urn:groupmembership:problem:internal"))
                .body(not(containsString("secret")));
        given().get("/v1/watch").then().statusCode(500).body(not(containsString("secret")));
    }

    @Test
    void aNodeWithoutAMajorityIsAliveAndNotReady() {
        replica.setMood(Mood.NO_MAJORITY);

        given().get("/q/health/live").then().statusCode(200);
        given().get("/q/health/ready").then().statusCode(503);
        replica.setMood(Mood.WORKING);
        given().get("/q/health/ready").then().statusCode(200).body("status", equalTo("UP"));
    }

    private static ValidatableResponse put() {
        return given().body("x").put("/v1/namespaces/default/kv/a").then();
    }
}
