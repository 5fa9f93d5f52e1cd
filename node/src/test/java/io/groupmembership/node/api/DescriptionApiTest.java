package io.groupmembership.node.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasKey;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** What a node says of itself: its API, and its figures. */
@QuarkusTest
@TestProfile(InMemoryNode.class)
class DescriptionApiTest {
    @Test
    void everyOperationIsDescribedWithItsProblems() {
        JsonPath api =
                given().accept("application/json").get("/q/openapi?format=json").jsonPath();
        Map<String, Map<String, Map<String, Object>>> paths = api.getMap("paths");

        assertThat(paths.keySet())
                .contains(
                        "/v1/groups",
                        "/v1/watch",
                        "/v1/nodes",
                        "/v1/nodes/{nodeId}/members",
                        "/v1/raft",
                        "/v1/namespaces/{namespace}/kv/{key}",
                        "/v1/namespaces/{namespace}/groups/{group}",
                        "/v1/namespaces/{namespace}/groups/{group}/members",
                        "/v1/namespaces/{namespace}/groups/{group}/members:batch",
                        "/v1/namespaces/{namespace}/groups/{group}/members/{memberId}",
                        "/v1/namespaces/{namespace}/groups/{group}/policy",
                        "/v1/namespaces/{namespace}/groups/{group}/removals/{memberId}");
        paths.forEach((path, operations) -> operations.forEach((method, operation) -> {
            if (operation.containsKey("operationId")) {
                assertThat(operation).as(method + " " + path).containsKeys("summary", "description", "responses");
                assertThat(api.getMap("paths.'" + path + "'." + method + ".responses").keySet().stream()
                                .map(Object::toString))
                        .as(method + " " + path)
                        .contains("400", "414", "431", "500");
            }
        }));
        assertThat(api.getMap("components.schemas").keySet().stream().map(Object::toString))
                .contains("Problem", "JoinRequest", "JoinResponse", "View", "ViewChange", "Event", "Removal", "Policy");
    }

    @Test
    void everyOperationThatIsNotOpenSaysWhoMayNotAndWhoIsToWait() {
        JsonPath api =
                given().accept("application/json").get("/q/openapi?format=json").jsonPath();
        Map<String, Map<String, Map<String, Object>>> paths = api.getMap("paths");

        paths.forEach((path, operations) -> operations.forEach((method, operation) -> {
            assertThat(operation.get("responses"))
                    .as(method + " " + path)
                    .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                    .containsEntry("400", Map.of("$ref", "#/components/responses/BadRequest"))
                    .containsEntry("401", Map.of("$ref", "#/components/responses/Unauthenticated"))
                    .containsEntry("403", Map.of("$ref", "#/components/responses/Forbidden"))
                    .containsEntry("429", Map.of("$ref", "#/components/responses/Overloaded"))
                    .containsEntry("503", Map.of("$ref", "#/components/responses/Unavailable"));
            assertThat(operation.get("security"))
                    .as(method + " " + path)
                    .isEqualTo(List.of(Map.of("token", List.of()), Map.of("certificate", List.of()), Map.of()));
        }));
        assertThat(api.getMap("components.responses").keySet().stream().map(Object::toString))
                .contains("Unauthenticated", "Forbidden", "Overloaded", "Unavailable");
        assertThat(api.getString("components.securitySchemes.certificate.type")).isEqualTo("mutualTLS");
        assertThat(api.getString("components.securitySchemes.token.scheme")).isEqualTo("bearer");
    }

    @Test
    void theFieldsOfRequestsHaveTheirLimits() {
        given().accept("application/json")
                .get("/q/openapi?format=json")
                .then()
                .body("components.schemas.JoinRequest.additionalProperties", equalTo(false))
                .body("components.schemas.JoinRequest.properties.heartbeat.enum", hasItems("udp", "tcp", "http"))
                .body("components.schemas.JoinRequest.then.required", hasItems("instance"))
                .body("components.schemas.BatchJoinRequest.properties.members.maxItems", equalTo(1_000))
                .body("components.schemas.Policy.properties.misses.maximum", equalTo(10))
                .body("components.schemas.Ended.required", hasItems("memberId", "incarnation", "failed", "detail"))
                .body(
                        "paths.'/v1/namespaces/{namespace}/kv/{key}'.get.parameters.find { it.name == 'namespace' }.schema.pattern",
                        equalTo(FieldLimits.NAMESPACE));
    }

    @Test
    void theFieldsOfAJoinAreDescribed() {
        given().accept("application/json")
                .get("/q/openapi?format=json")
                .then()
                .body("components.schemas.JoinRequest.required", hasItems("memberId", "address"))
                .body("components.schemas.JoinRequest.properties.instance.description", containsString("UUID"))
                .body("components.schemas.Problem.properties.field.description", containsString("wrong"));
    }

    @Test
    void theViewCanBeAskedForAsAStream() {
        given().accept("application/json")
                .get("/q/openapi?format=json")
                .then()
                .body(
                        "paths.'/v1/namespaces/{namespace}/groups/{group}'.get.parameters.name",
                        hasItems("watch", "Last-Event-ID", "consistency"))
                .body(
                        "paths.'/v1/namespaces/{namespace}/groups/{group}'.get.responses.'200'.content",
                        hasKey("text/event-stream"));
    }

    @Test
    void theFiguresOfTheNodeAreThere() {
        given().get("/v1/namespaces/default/groups/metrics").then().statusCode(404);

        String metrics = given().get("/q/metrics").asString();

        for (String name : List.of(
                "gm_groups",
                "gm_members",
                "gm_members_monitored",
                "gm_watchers",
                "gm_watch_events_total",
                "gm_watch_resets_total",
                "gm_raft_term",
                "gm_raft_commit_index",
                "gm_raft_applied_index",
                "gm_raft_is_leader")) {
            assertThat(metrics).contains("\n" + name + " ");
        }
        assertThat(metrics)
                .contains("uri=\"/v1/namespaces/{namespace}/groups/{group}\"")
                .doesNotContain("groups/metrics");
    }

    @Test
    void healthSaysWhatItLooksAt() {
        given().get("/q/health/ready").then().body("checks.name", hasItems("cluster"));
        given().get("/q/health/live").then().body(containsString("raft"));
    }
}
