package io.groupmembership.node.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.Test;

/** A pod is itself, and nobody else. */
@QuarkusTest
@TestProfile(KubernetesNode.class)
class PodAccessApiTest {
    private static final String SHOP = "/v1/namespaces/shop/groups/";

    @Test
    void aPodJoinsReadsAndLeavesAsItself() {
        long incarnation = join("x.pod1.x", SHOP + "itself", "pod-1", "uid-1", "10.1.2.3:80")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath()
                .getLong("incarnation");
        with("x.pod1.x").get(SHOP + "itself").then().statusCode(200);
        with("x.pod2.x").get(SHOP + "itself").then().statusCode(403);
        with("x.foreign.x").get(SHOP + "itself").then().statusCode(403);

        // forged: another pod's, one of another namespace, and the next pod of the same name
        String member = SHOP + "itself/members/pod-1?incarnation=" + incarnation;
        with("x.pod2.x").delete(member).then().statusCode(403);
        with("x.foreign.x").delete(member).then().statusCode(403);
        with("x.reborn.x").delete(member).then().statusCode(403);
        with("x.pod1.x").delete(member).then().statusCode(200);
    }

    @Test
    void aPodDoesNotJoinAsAnybodyElse() {
        assertThat(refusal("x.pod2.x", SHOP + "forged", "pod-1", "uid-1", "10.1.2.3:80"))
                .contains("memberId");
        assertThat(refusal("x.pod1.x", SHOP + "forged", "pod-1", "uid-2", "10.1.2.3:80"))
                .contains("pod-uid");
        assertThat(refusal("x.reborn.x", SHOP + "forged", "pod-1", "uid-1", "10.1.2.3:80"))
                .contains("pod-uid");
        assertThat(refusal("x.pod1.x", SHOP + "forged", "pod-1", "uid-1", "10.9.9.9:80"))
                .contains("address");
        assertThat(refusal("x.pod1.x", SHOP + "forged", "pod-1", "uid-1", "metadata.internal:80"))
                .contains("address");
        assertThat(refusal("x.foreign.x", SHOP + "forged", "pod-1", "uid-3", "10.1.2.3:80"))
                .contains("namespace shop");
    }

    @Test
    void aBatchHasNoPlaceForAnother() {
        with("x.pod1.x")
                .urlEncodingEnabled(false)
                .contentType("application/json")
                .body("{\"members\":[" + body("pod-1", "uid-1", "10.1.2.3:80") + ","
                        + body("pod-2", "uid-2", "10.1.2.3:81") + "]}")
                .post(SHOP + "batch/members:batch")
                .then()
                .statusCode(403)
                .body("detail", containsString("memberId"));
    }

    @Test
    void whoeverHasTheRightJoinsAnybody() {
        join("x.ci.x", SHOP + "by-right", "pod-1", "uid-1", "10.9.9.9:80")
                .then()
                .statusCode(201);
        join("x.ci.x", "/v1/namespaces/bank/groups/by-right", "pod-1", "uid-1", "10.9.9.9:80")
                .then()
                .statusCode(403);
    }

    @Test
    void whatProvesNothingIsRefused() {
        given().get(SHOP + "a").then().statusCode(401);
        with("x.expired.x").get(SHOP + "a").then().statusCode(401);
        with("x.unaware.x").get(SHOP + "a").then().statusCode(401);
        with("nonsense").get(SHOP + "a").then().statusCode(401);
        with("x.pod1.x").get("/v1/groups").then().statusCode(403);
        given().port(InMemoryNode.adminPort())
                .header("Authorization", "Bearer x.pod1.x")
                .get("/v1/backup")
                .then()
                .statusCode(403);
    }

    private static String refusal(String token, String group, String memberId, String uid, String address) {
        return join(token, group, memberId, uid, address)
                .then()
                .statusCode(403)
                .extract()
                .jsonPath()
                .getString("detail");
    }

    private static Response join(String token, String group, String memberId, String uid, String address) {
        return with(token)
                .contentType("application/json")
                .body(body(memberId, uid, address))
                .post(group + "/members");
    }

    private static String body(String memberId, String uid, String address) {
        return "{\"memberId\":\"" + memberId + "\",\"address\":\"" + address
                + "\",\"metadata\":{\"kubernetes.io/pod-uid\":\"" + uid + "\"}}";
    }

    private static RequestSpecification with(String token) {
        return given().header("Authorization", "Bearer " + token);
    }
}
