package io.groupmembership.node.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.Evidence;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.Member;
import io.groupmembership.membership.Revocation;
import io.groupmembership.node.monitor.MemberKeys;
import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(InMemoryNode.class)
class MembersApiTest {
    @Inject
    InMemoryReplica replica;

    @Inject
    MemberKeys keys;

    private final String group = "g-" + UUID.randomUUID();
    private final String path = "/v1/namespaces/default/groups/" + group;

    @Test
    void aProcessJoinsIsSeenAndLeaves() {
        int incarnation = join("a", "10.0.0.1:7000", "\"metadata\":{\"zone\":\"eu-1\"}")
                .statusCode(201)
                .header("Location", path + "/members/a")
                .body("memberId", equalTo("a"))
                .body("view", equalTo(1))
                .body("monitor", equalTo("node-1"))
                .body("lease.intervalMillis", equalTo(5000))
                .body("lease.misses", equalTo(3))
                .body("heartbeat.mode", equalTo("tcp"))
                .body("heartbeat.keyId", nullValue())
                .body("heartbeat.key", nullValue())
                .extract()
                .path("incarnation");

        given().get(path)
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("namespace", equalTo("default"))
                .body("group", equalTo(group))
                .body("view", equalTo(1))
                .body("leader", equalTo("a"))
                .body("members", hasSize(1))
                .body("members[0].address", equalTo("10.0.0.1:7000"))
                .body("members[0].incarnation", equalTo(incarnation))
                .body("members[0].monitor", equalTo("node-1"))
                .body("members[0].fenced", equalTo(false))
                .body("members[0].metadata.zone", equalTo("eu-1"));
        given().delete(path + "/members/a?incarnation=" + incarnation)
                .then()
                .statusCode(200)
                .body("incarnation", equalTo(incarnation))
                .body("view", equalTo(2));
        given().get(path).then().statusCode(200).body("members", hasSize(0)).body("leader", nullValue());
    }

    @Test
    void theSameInstanceAgainIsTheSameMembership() {
        String instance = "\"heartbeat\":\"udp\",\"instance\":\"" + UUID.randomUUID() + "\"";
        ValidatableResponse first = join("a", "10.0.0.1:7000", instance).statusCode(201);
        int incarnation = first.extract().path("incarnation");
        String key = first.extract().path("heartbeat.key");

        join("a", "10.0.0.1:7000", instance)
                .statusCode(200)
                .body("incarnation", equalTo(incarnation))
                .body("heartbeat.key", equalTo(key))
                .header("Location", nullValue());
    }

    @Test
    void anotherInstanceMustNameWhomItReplaces() {
        int incarnation = join("a", "10.0.0.1:7000", instance()).extract().path("incarnation");

        join("a", "10.0.0.1:7000", instance())
                .statusCode(409)
                .contentType(Problems.MEDIA_TYPE)
                .body("type", equalTo("urn:groupmembership:problem:other-instance"))
                .body("incarnation", equalTo(incarnation));
        join("a", "10.0.0.1:7000", instance() + ",\"replaces\":" + (incarnation + 1_000))
                .statusCode(409)
                .body("incarnation", equalTo(incarnation));
    }

    @Test
    void aMemberWithALeaseIsGivenTheKeyOfItsIncarnation() {
        ValidatableResponse joined =
                join("a", "10.0.0.1:7000", instance()).statusCode(201).body("heartbeat.mode", equalTo("udp"));

        HeartbeatKey expected = keys.of("default", group, "a", joined.extract().<Integer>path("incarnation"));
        joined.body("heartbeat.keyId", equalTo(expected.id())).body("heartbeat.key", equalTo(expected.base64()));
        batch("{\"members\":[{\"memberId\":\"b\",\"address\":\"h:1\"," + instance()
                        + "},{\"memberId\":\"c\",\"address\":\"h:1\"}]}")
                .then()
                .body("results[0].member.heartbeat.key", not(nullValue()))
                .body("results[0].member.heartbeat.key", not(equalTo(expected.base64())))
                .body("results[1].member.heartbeat.key", nullValue());
    }

    @Test
    void aSuccessorWaitsUntilTheLeaseOfWhomItReplacesIsOver() {
        int incarnation = join("a", "10.0.0.1:7000", instance()).extract().path("incarnation");
        String successor = instance() + ",\"replaces\":" + incarnation;

        join("a", "10.0.0.2:7000", successor)
                .statusCode(202)
                .header("Retry-After", "1")
                .header("Location", nullValue())
                .body("namespace", equalTo("default"))
                .body("group", equalTo(group))
                .body("memberId", equalTo("a"))
                .body("incarnation", equalTo(incarnation));
        join("a", "10.0.0.2:7000", successor).statusCode(202).body("incarnation", equalTo(incarnation));
        batch("{\"members\":[{\"memberId\":\"a\",\"address\":\"10.0.0.2:7000\"," + successor + "}]}")
                .then()
                .statusCode(200)
                .body("results[0].status", equalTo(202))
                .body("results[0].member", nullValue());
        given().get(path).then().body("view", equalTo(1)).body("members[0].incarnation", equalTo(incarnation));

        leaseIsOver("a");

        given().get(path)
                .then()
                .body("view", equalTo(2))
                .body("members", hasSize(1))
                .body("members[0].address", equalTo("10.0.0.2:7000"))
                .body("members[0].incarnation", greaterThan(incarnation));
        join("a", "10.0.0.2:7000", successor)
                .statusCode(200)
                .body("incarnation", greaterThan(incarnation))
                .body("view", equalTo(2))
                .body("heartbeat.key", not(nullValue()));
        given().get(path + "/removals/a")
                .then()
                .statusCode(200)
                .body("reason", equalTo("replaced"))
                .body("incarnation", equalTo(incarnation));
    }

    /** To be told to wait is no answer yet. */
    @Test
    void aJoinThatWaitedIsToldThatItIsInUnderTheSameIdempotencyKey() {
        int incarnation = join("a", "10.0.0.1:7000", instance()).extract().path("incarnation");
        String body = "{\"memberId\":\"a\",\"address\":\"10.0.0.2:7000\"," + instance() + ",\"replaces\":" + incarnation
                + "}";
        String key = UUID.randomUUID().toString();
        joinWithKey(key, body).statusCode(202);

        leaseIsOver("a");

        joinWithKey(key, body).statusCode(200).body("incarnation", greaterThan(incarnation));
        joinWithKey(key, body).statusCode(200).body("incarnation", greaterThan(incarnation));
    }

    @Test
    void whoeverIsSentAwayWithoutHisIncarnationStaysUntilHisLeaseIsOver() {
        int incarnation = join("a", "10.0.0.1:7000", instance()).extract().path("incarnation");

        given().delete(path + "/members/a")
                .then()
                .statusCode(202)
                .body("memberId", equalTo("a"))
                .body("incarnation", equalTo(incarnation));
        given().delete(path + "/members/a").then().statusCode(202);
        given().get(path).then().body("view", equalTo(1)).body("members", hasSize(1));

        leaseIsOver("a");

        given().get(path).then().body("view", equalTo(2)).body("members", hasSize(0));
        given().get(path + "/removals/a").then().body("reason", equalTo("evicted"));
    }

    @Test
    void aMembersOwnGoodbyeNamesItsIncarnationAndTakesItOutAtOnce() {
        int incarnation = join("a", "10.0.0.1:7000", instance()).extract().path("incarnation");

        given().delete(path + "/members/a?incarnation=" + incarnation)
                .then()
                .statusCode(200)
                .body("view", equalTo(2));
        given().get(path + "/removals/a").then().body("reason", equalTo("left"));
    }

    @Test
    void whoHasNoLeaseIsReplacedAndSentAwayAtOnce() {
        int incarnation = join("a", "10.0.0.1:7000", "").extract().path("incarnation");

        join("a", "10.0.0.2:7000", "\"replaces\":" + incarnation)
                .statusCode(201)
                .body("incarnation", greaterThan(incarnation));
        given().delete(path + "/members/a").then().statusCode(200);
    }

    @Test
    void aLateRetryOfAnInstanceWhoseMembershipEndedIsToldSo() {
        String instance = instance();
        int incarnation =
                join("a", "10.0.0.1:7000", instance).statusCode(201).extract().path("incarnation");
        given().delete(path + "/members/a?incarnation=" + incarnation).then().statusCode(200);

        join("a", "10.0.0.1:7000", instance)
                .statusCode(409)
                .body("type", equalTo("urn:groupmembership:problem:membership-ended"))
                .body("incarnation", nullValue())
                .body("detail", containsString("new instance"));
    }

    @Test
    void anInstanceTakesItsJoinBackWhetherItWasLetInOrWaitsOrIsUnknown() {
        UUID first = UUID.randomUUID();
        UUID second = UUID.randomUUID();
        int incarnation = join("a", "10.0.0.1:7000", "\"heartbeat\":\"udp\",\"instance\":\"" + first + "\"")
                .extract()
                .path("incarnation");
        join("a", "10.0.0.2:7000", "\"heartbeat\":\"udp\",\"instance\":\"" + second + "\",\"replaces\":" + incarnation)
                .statusCode(202);

        given().delete(path + "/members/a?instance=" + second).then().statusCode(204);
        given().get(path).then().body("members[0].incarnation", equalTo(incarnation));
        given().delete(path + "/members/a?instance=" + first)
                .then()
                .statusCode(200)
                .body("incarnation", equalTo(incarnation));
        given().get(path).then().body("members", hasSize(0));
        given().delete(path + "/members/a?instance=" + first).then().statusCode(204);
        given().delete(path + "/members/nobody?instance=" + first).then().statusCode(204);
    }

    @Test
    void leavingWithAnOldIncarnationTakesNobodyOut() {
        int first = join("a", "10.0.0.1:7000", "").extract().path("incarnation");
        int second =
                join("a", "10.0.0.2:7000", "\"replaces\":" + first).extract().path("incarnation");

        given().delete(path + "/members/a?incarnation=" + first)
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:groupmembership:problem:other-incarnation"))
                .body("incarnation", equalTo(second));
        given().get(path).then().body("members[0].incarnation", equalTo(second));
    }

    @Test
    void whoIsNoMemberCannotLeave() {
        given().delete(path + "/members/a").then().statusCode(404).contentType(Problems.MEDIA_TYPE);
    }

    @Test
    void aBatchIsOneViewAndAnswersEachInOrder() {
        int incarnation = join("b", "10.0.0.2:7000", instance()).extract().path("incarnation");
        String other = "{\"memberId\":\"b\",\"address\":\"10.0.0.2:7001\"," + instance() + "}";
        String body = "{\"members\":[{\"memberId\":\"a\",\"address\":\"h:1\"}," + other
                + ",{\"memberId\":\"c\",\"address\":\"h:3\"}]}";

        batch(body)
                .then()
                .statusCode(200)
                .body("results", hasSize(3))
                .body("results.status", equalTo(List.of(201, 409, 201)))
                .body("results[0].member.memberId", equalTo("a"))
                .body("results[0].member.view", equalTo(2))
                .body("results[1].problem.incarnation", equalTo(incarnation))
                .body("results[2].member.view", equalTo(2));
        given().get(path).then().body("view", equalTo(2)).body("members", hasSize(3));
    }

    @Test
    void aBatchWithOneWrongMemberChangesNothing() {
        batch("{\"members\":[{\"memberId\":\"a\",\"address\":\"h:1\"},{\"memberId\":\"b\",\"address\":\"h:0\"}]}")
                .then()
                .statusCode(400)
                .body("field", equalTo("members[1].address"));
        batch("{\"members\":[{\"memberId\":\"a\",\"address\":\"h:1\"},{\"memberId\":\"a\",\"address\":\"h:2\"}]}")
                .then()
                .statusCode(400)
                .body("field", equalTo("members[1].memberId"));
        given().get(path).then().statusCode(404);
    }

    @Test
    void aThousandMembersJoinAtOnceAndComeBackInOrder() {
        StringBuilder members = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            members.append(i == 0 ? "" : ",")
                    .append("{\"memberId\":\"m" + i + "\",\"address\":\"[2001:db8::" + Integer.toHexString(i)
                            + "]:7000\",\"metadata\":{\"note\":\"" + "x".repeat(200) + "\"}}");
        }

        batch("{\"members\":[" + members + "]}").then().statusCode(200).body("results", hasSize(1_000));

        Response view = given().get(path);
        assertThat(view.statusCode()).isEqualTo(200);
        assertThat(view.jsonPath().getList("members.memberId", String.class))
                .hasSize(1_000)
                .startsWith("m0", "m1")
                .endsWith("m999");
        assertThat(given().get(path).asString()).isEqualTo(view.asString());
    }

    @Test
    void aFullGroupTakesNobodyMoreInUntilItsPolicyAllows() {
        given().contentType("application/json")
                .body("{\"maxMembers\":1}")
                .put(path + "/policy")
                .then()
                .statusCode(200);
        join("a", "h:1", "").statusCode(201);

        join("b", "h:2", "").statusCode(409).body("type", equalTo("urn:groupmembership:problem:group-full"));

        given().contentType("application/json")
                .body("{\"maxMembers\":2}")
                .put(path + "/policy")
                .then()
                .statusCode(200);
        join("b", "h:2", "").statusCode(201);
    }

    @Test
    void aRequestWithTheSameIdempotencyKeyIsCarriedOutOnce() {
        String key = UUID.randomUUID().toString();
        String body = "{\"memberId\":\"a\",\"address\":\"h:1\"}";
        ValidatableResponse first = joinWithKey(key, body).statusCode(201);
        int incarnation = first.extract().path("incarnation");
        given().delete(path + "/members/a").then().statusCode(200);

        joinWithKey(key, body)
                .statusCode(201)
                .body("incarnation", equalTo(incarnation))
                .body("view", equalTo(1));

        given().get(path).then().body("members", hasSize(0)).body("view", equalTo(2));
        joinWithKey(key, "{\"memberId\":\"a\",\"address\":\"h:2\"}")
                .statusCode(422)
                .body("field", equalTo("Idempotency-Key"));
        joinWithKey("", body).statusCode(400).body("field", equalTo("Idempotency-Key"));
        joinWithKey("k".repeat(129), body).statusCode(400).body("field", equalTo("Idempotency-Key"));
    }

    @Test
    void aViewCanBeReadStaleAndNothingElse() {
        join("a", "h:1", "").statusCode(201);

        given().get(path + "?consistency=stale").then().statusCode(200).body("view", equalTo(1));
        given().get(path + "?consistency=eventual").then().statusCode(400).body("field", equalTo("consistency"));
    }

    @Test
    void headAnswersLikeGetWithoutABody() {
        join("a", "h:1", "").statusCode(201);

        given().head(path)
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body(equalTo(""));
    }

    @Test
    void everyGroupIsListedWithItsCountAndLeader() {
        join("a", "h:1", "").statusCode(201);

        given().get("/v1/groups")
                .then()
                .statusCode(200)
                .body("groups.find { it.group == '" + group + "' }.members", equalTo(1))
                .body("groups.find { it.group == '" + group + "' }.leader", equalTo("a"))
                .body("groups.find { it.group == '" + group + "' }.changedAt", containsString("T"));
    }

    @Test
    void theMembersThatANodeMonitorsAreListed() {
        join("a", "h:1", "\"heartbeat\":\"http\",\"heartbeatAddress\":\"h:2/health\"")
                .statusCode(201);

        given().get("/v1/nodes/node-1/members")
                .then()
                .statusCode(200)
                .body("nodeId", equalTo("node-1"))
                .body("members.find { it.group == '" + group + "' }.heartbeat", equalTo("http"))
                .body("members.find { it.group == '" + group + "' }.heartbeatAddress", equalTo("h:2/health"));
        given().get("/v1/nodes/node-9/members").then().statusCode(404).contentType(Problems.MEDIA_TYPE);
        given().get("/v1/nodes")
                .then()
                .statusCode(200)
                .body("leader", equalTo("node-1"))
                .body("nodes[0].role", equalTo("leader"))
                .body("nodes[0].hashKey", not(nullValue()))
                .body("nodes[0].members", greaterThan(0));
    }

    @Test
    void aRemovalSaysWhenAndWhy() {
        join("a", "h:1", "").statusCode(201);
        given().delete(path + "/members/a").then().statusCode(200);

        given().get(path + "/removals/a")
                .then()
                .statusCode(200)
                .body("reason", equalTo("left"))
                .body("view", equalTo(2))
                .body("monitor", equalTo("node-1"))
                .body("committedBy", equalTo("node-1"))
                .body("removedAt", containsString("Z"))
                .body("lastAckMillisAgo", nullValue())
                .body("probes", hasSize(0));
        given().get(path + "/removals/b").then().statusCode(404).contentType(Problems.MEDIA_TYPE);
    }

    @Test
    void aPolicyHasDefaultsAndBounds() {
        given().get(path + "/policy").then().statusCode(200).body("intervalMillis", equalTo(5000));
        putPolicy("{\"intervalMillis\":4000}")
                .then()
                .statusCode(200)
                .body("intervalMillis", equalTo(4000))
                .body("misses", equalTo(3))
                .body("maxMembers", equalTo(100_000));
        given().get(path + "/policy").then().body("intervalMillis", equalTo(4000));
        putPolicy("{\"intervalMillis\":99}").then().statusCode(400).body("field", equalTo("intervalMillis"));
        putPolicy("{\"misses\":0}").then().statusCode(400).body("field", equalTo("misses"));
        putPolicy("{\"misses\":11}").then().statusCode(400).body("field", equalTo("misses"));
        putPolicy("{\"maxMembers\":1000001}").then().statusCode(400).body("field", equalTo("maxMembers"));
        putPolicy("{\"maxMembers\":0}").then().statusCode(400).body("field", equalTo("maxMembers"));
        given().get(path + "/policy").then().body("intervalMillis", equalTo(4000));
    }

    @Test
    void aPolicyByWhichMembersWouldBeFencedWheneverANodeDiesIsRefused() {
        putPolicy("{\"intervalMillis\":1000}")
                .then()
                .statusCode(400)
                .contentType(Problems.MEDIA_TYPE)
                .body("field", equalTo("intervalMillis"))
                .body("detail", containsString("fenced whenever a node dies"));
        putPolicy("{\"misses\":1}").then().statusCode(400).body("field", equalTo("intervalMillis"));
        putPolicy("{\"intervalMillis\":1000,\"misses\":6}").then().statusCode(200);
        given().get(path + "/policy").then().body("misses", equalTo(6));
    }

    /** What the member's monitor says when it has waited. */
    private void leaseIsOver(String memberId) {
        GroupKey key = new GroupKey("default", group);
        Member member = replica.read(state -> state.member(key, memberId)).orElseThrow();
        Revocation revocation = member.revocation();
        assertThat(revocation).isNotNull();
        replica.submitTogether(List.of(new Command.Remove(List.of(new Command.Target(
                key,
                memberId,
                member.incarnation(),
                member.assignmentEpoch(),
                revocation.reason(),
                new Evidence(15_000, List.of(), Map.of()))))));
    }

    private Response putPolicy(String body) {
        return given().contentType("application/json").body(body).put(path + "/policy");
    }

    private ValidatableResponse join(String memberId, String address, String more) {
        return given().contentType("application/json")
                .body("{\"memberId\":\"" + memberId + "\",\"address\":\"" + address + "\""
                        + (more.isEmpty() ? "" : "," + more) + "}")
                .post(path + "/members")
                .then();
    }

    private ValidatableResponse joinWithKey(String key, String body) {
        return given().contentType("application/json")
                .header("Idempotency-Key", key)
                .body(body)
                .post(path + "/members")
                .then();
    }

    private Response batch(String body) {
        return given().contentType("application/json")
                .body(body)
                .urlEncodingEnabled(false)
                .post(path + "/members:batch");
    }

    private static String instance() {
        return "\"heartbeat\":\"udp\",\"instance\":\"" + UUID.randomUUID() + "\"";
    }
}
