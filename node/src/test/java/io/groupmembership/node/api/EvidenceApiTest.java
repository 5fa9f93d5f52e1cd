package io.groupmembership.node.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(InMemoryNode.class)
class EvidenceApiTest {
    private final String group = "g-" + UUID.randomUUID();
    private final String path = "/v1/namespaces/default/groups/" + group;

    @Test
    void processesThatEndedTogetherLeaveInOneView() {
        int a = join("a");
        int b = join("b");
        join("c");

        give("{\"by\":\"operator\",\"members\":[" + ended("a", a, true, "app ended with 137") + ","
                        + ended("b", b, false, "app ended with 0") + "]}")
                .statusCode(200)
                .body("removed", equalTo(2));

        given().get(path).then().body("view", equalTo(4)).body("members.memberId", contains("c"));
        given().get(path + "/removals/a")
                .then()
                .body("reason", equalTo("crashed"))
                .body("lastAckMillisAgo", nullValue())
                .body("probes[0].by", equalTo("operator"))
                .body("probes[0].path", equalTo("kubelet"))
                .body("probes[0].result", equalTo("app ended with 137"));
        given().get(path + "/removals/b").then().body("reason", equalTo("left"));
    }

    @Test
    void evidenceOfAnotherIncarnationEndsNothing() {
        int a = join("a");
        give("{\"by\":\"operator\",\"members\":[" + ended("a", a + 1, true, "x") + "," + ended("b", 1, true, "x")
                        + "]}")
                .statusCode(200)
                .body("removed", equalTo(0));
        given().get(path).then().body("view", equalTo(1)).body("members.memberId", contains("a"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                                          | by",
                "{'by':'o'}                                                                  | members",
                "{'by':'o','members':[]}                                                     | members",
                "{'by':'o','members':[null]}                                                 | members[0]",
                "{'by':'o','members':[{'incarnation':1,'failed':true,'detail':'x'}]}         | members[0].memberId",
                "{'by':'o','members':[{'memberId':'a b','incarnation':1,'failed':true,'detail':'x'}]} | members[0].memberId",
                "{'by':'o','members':[{'memberId':'a','failed':true,'detail':'x'}]}          | members[0].incarnation",
                "{'by':'o','members':[{'memberId':'a','incarnation':0,'failed':true,'detail':'x'}]} | members[0].incarnation",
                "{'by':'o','members':[{'memberId':'a','incarnation':1,'detail':'x'}]}        | members[0].failed",
                "{'by':'o','members':[{'memberId':'a','incarnation':1,'failed':true}]}       | members[0].detail",
                "{'by':'','members':[{'memberId':'a','incarnation':1,'failed':true,'detail':'x'}]} | by",
                "{'by':'\\ud800','members':[{'memberId':'a','incarnation':1,'failed':true,'detail':'x'}]} | by",
                "{'by':'o','members':[{'memberId':'a','incarnation':1,'failed':true,'detail':'x\\udc00'}]} | members[0].detail",
            })
    void aBadFieldIsNamed(String body, String field) {
        give(body.replace('\'', '"')).statusCode(400).body("field", equalTo(field));
    }

    @Test
    void aKeyThatIsNoneIsRefusedWhereNothingIsLeftToEnd() {
        given().contentType("application/json")
                .header("Idempotency-Key", "k".repeat(129))
                .body("{\"by\":\"operator\",\"members\":[" + ended("a", 1, true, "x") + "]}")
                .post(path + "/evidence")
                .then()
                .statusCode(400)
                .body("field", equalTo("Idempotency-Key"));
    }

    private int join(String memberId) {
        return given().contentType("application/json")
                .body("{\"memberId\":\"" + memberId + "\",\"address\":\"10.0.0.1:7000\"}")
                .post(path + "/members")
                .then()
                .statusCode(201)
                .extract()
                .path("incarnation");
    }

    private static String ended(String memberId, int incarnation, boolean failed, String detail) {
        return "{\"memberId\":\"" + memberId + "\",\"incarnation\":" + incarnation + ",\"failed\":" + failed
                + ",\"detail\":\"" + detail + "\"}";
    }

    private ValidatableResponse give(String body) {
        return given().contentType("application/json")
                .body(body)
                .post(path + "/evidence")
                .then();
    }
}
