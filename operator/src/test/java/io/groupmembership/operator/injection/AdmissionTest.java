package io.groupmembership.operator.injection;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The webhook as the API server meets it: over HTTP, with the reviews that it sends. */
@QuarkusTest
@TestProfile(WebhookProfile.class)
class AdmissionTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String UID = "705ab4f5-6393-11e8-b7cc-42010a800002";

    @Inject
    DirectoryInMemory directory;

    @BeforeEach
    void aNamespaceWithACluster() throws IOException {
        InjectionCase one = InjectionCase.named("a-pod-of-nothing-but-a-label");
        directory.knows(one.namespace(), one.clusters());
    }

    @Test
    void aPodWithTheLabelGetsASidecar() throws IOException {
        JsonNode pod = pod("a-pod-of-a-deployment-has-no-name-yet");

        JsonNode response = ask(review(pod));

        assertThat(response.path("uid").asText()).isEqualTo(UID);
        assertThat(response.path("allowed").asBoolean()).isTrue();
        assertThat(response.path("patchType").asText()).isEqualTo("JSONPatch");
        JsonNode after = JsonPatch.apply(patch(response), pod);
        assertThat(after.at("/spec/initContainers/0/name").asText()).isEqualTo("groupmembership");
        assertThat(after.at("/spec/initContainers/0/image").asText())
                .matches("docker.io/groupmembership/sidecar:[0-9][-.0-9A-Za-z]+");
    }

    @Test
    void aPodThatComesAgainIsAllowedWithoutAPatch() throws IOException {
        JsonNode pod = pod("a-pod-of-nothing-but-a-label");
        JsonNode after = JsonPatch.apply(patch(ask(review(pod))), pod);

        JsonNode response = ask(review(after));

        assertThat(response.path("allowed").asBoolean()).isTrue();
        assertThat(response.has("patch")).isFalse();
    }

    @Test
    void aRefusedPodIsToldWhyAndWhatToDo() throws IOException {
        JsonNode status = ask(review(pod("refused-a-mistyped-startup"))).path("status");

        assertThat(status.path("code").asInt()).isEqualTo(422);
        assertThat(status.path("reason").asText()).isEqualTo("Invalid");
        assertThat(status.path("message").asText())
                .isEqualTo("annotation groupmembership.io/startup must be member or agent, not 'Member'");
    }

    @Test
    void aPodThatMayNotJoinIsForbidden() throws IOException {
        InjectionCase one = InjectionCase.named("refused-no-cluster");
        directory.knows(one.namespace(), one.clusters());

        JsonNode response = ask(review(one.podJson()));

        assertThat(response.path("allowed").asBoolean(true)).isFalse();
        assertThat(response.at("/status/code").asInt()).isEqualTo(403);
        assertThat(response.at("/status/reason").asText()).isEqualTo("Forbidden");
    }

    @Test
    void aClusterThatIsNotReadyIsAWarning() throws IOException {
        InjectionCase one = InjectionCase.named("a-cluster-that-is-not-ready-is-warned-of");
        directory.knows(one.namespace(), one.clusters());

        JsonNode response = ask(review(one.podJson()));

        assertThat(response.path("allowed").asBoolean()).isTrue();
        assertThat(response.at("/warnings/0").asText()).contains("shop/main is not ready (QuorumLost)");
    }

    @Test
    void aLabelThatHasNoEffectIsAWarning() throws IOException {
        JsonNode response = ask(review(pod("untouched-the-mirror-of-a-static-pod")));

        assertThat(response.path("allowed").asBoolean()).isTrue();
        assertThat(response.at("/warnings/0").asText())
                .startsWith("label groupmembership.io/group has no effect: it mirrors a static pod");
    }

    @Test
    void beforeTheListsAreThereNoPodIsAdmittedAndNoneIsLetThrough() throws IOException {
        directory.knowsNothing("the list of namespaces is not there yet");

        JsonNode response = ask(review(pod("a-pod-of-nothing-but-a-label")));

        assertThat(response.path("allowed").asBoolean(true)).isFalse();
        assertThat(response.at("/status/code").asInt()).isEqualTo(503);
        assertThat(response.at("/status/message").asText())
                .isEqualTo("the sidecar can't be injected now, try again: the list of namespaces is not there yet");
    }

    @Test
    void whatIsNotTheCreationOfAPodIsAllowedAsItIs() throws IOException {
        ObjectNode update = review(pod("refused-host-network"));
        ((ObjectNode) update.get("request")).put("operation", "UPDATE");
        ObjectNode status = review(pod("refused-host-network"));
        ((ObjectNode) status.get("request")).put("subResource", "status");
        ObjectNode deployment = review(pod("refused-host-network"));
        ((ObjectNode) deployment.at("/request/resource")).put("group", "apps").put("resource", "deployments");

        for (ObjectNode other : new ObjectNode[] {update, status, deployment}) {
            JsonNode response = ask(other);
            assertThat(response.path("allowed").asBoolean()).isTrue();
            assertThat(response.has("patch")).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "\"pod\"",
                "7",
                "{\"metadata\":7}",
                "{\"metadata\":{\"labels\":[]}}",
                "{\"spec\":{\"containers\":{}}}",
                "{\"spec\":{\"containers\":[{\"ports\":[{\"containerPort\":\"x\"}]}]}}"
            })
    void anObjectThatIsNoPodIsRefused(String object) throws IOException {
        JsonNode response = ask(review(JSON.readTree(object)));

        assertThat(response.path("allowed").asBoolean(true)).isFalse();
        assertThat(response.at("/status/code").asInt()).isEqualTo(422);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"metadata\":{\"labels\":{\"groupmembership.io/group\":\"a\"}}}",
                "{\"metadata\":{\"labels\":{\"groupmembership.io/group\":null}},\"spec\":null}",
                "{\"metadata\":{\"labels\":{\"groupmembership.io/group\":\"a\"}},\"spec\":{\"containers\":null}}",
                "{\"metadata\":{\"labels\":{\"groupmembership.io/group\":\"a\"}},\"spec\":{\"containers\":[{}],\"initContainers\":[{}]}}",
                "{\"metadata\":{\"labels\":{\"groupmembership.io/group\":\"a\"},\"annotations\":{\"groupmembership.io/port\":null}},\"spec\":{\"containers\":[{\"ports\":[{}]}]}}",
                "{}"
            })
    void aPodWithHolesIsDecidedOnLikeAnyOther(String object) throws IOException {
        JsonNode response = ask(review(JSON.readTree(object)));

        assertThat(response.path("allowed").asBoolean()
                        || response.at("/status/code").asInt() == 422)
                .as(response.toString())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "null",
                "[]",
                "7",
                "\"AdmissionReview\"",
                "{}",
                "{\"apiVersion\":\"admission.k8s.io/v1beta1\",\"kind\":\"AdmissionReview\",\"request\":{\"uid\":\"a\"}}",
                "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\"}",
                "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"request\":[]}",
                "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"request\":{\"uid\":7}}"
            })
    void aBodyThatIsNoReviewIsABadRequest(String body) {
        Response response = post(body.getBytes(StandardCharsets.UTF_8));

        // a number as uid is text to whoever reads it
        assertThat(response.statusCode()).isIn(400, 200);
        assertThat(response.statusCode() == 200).isEqualTo(body.contains("\"uid\":7"));
    }

    @Test
    void aBodyOfRandomBytesIsABadRequest() {
        assertThat(post(new byte[] {(byte) 0xff, 0, 1, 2, 3}).statusCode()).isEqualTo(400);
        assertThat(post("[".repeat(100_000).getBytes(StandardCharsets.UTF_8)).statusCode())
                .isEqualTo(400);
    }

    @Test
    void itIsReadyOnceItCanDecide() {
        given().get("/q/health/ready").then().statusCode(200);

        directory.knowsNothing("the list of namespaces is not there yet");
        given().get("/q/health/ready").then().statusCode(503);
    }

    private static ObjectNode review(JsonNode pod) {
        ObjectNode review = JSON.createObjectNode();
        review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        ObjectNode request = review.putObject("request");
        request.put("uid", UID)
                .put("namespace", "shop")
                .put("operation", "CREATE")
                .put("dryRun", false);
        request.putObject("kind").put("group", "").put("version", "v1").put("kind", "Pod");
        request.putObject("resource").put("group", "").put("version", "v1").put("resource", "pods");
        request.putObject("userInfo").put("username", "system:serviceaccount:kube-system:replicaset-controller");
        request.putNull("oldObject");
        request.set("object", pod);
        return review;
    }

    private static JsonNode pod(String name) throws IOException {
        return InjectionCase.named(name).podJson();
    }

    private static JsonNode ask(JsonNode review) throws IOException {
        Response response = post(review.toString().getBytes(StandardCharsets.UTF_8));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.contentType()).startsWith("application/json");
        JsonNode answer = JSON.readTree(response.asByteArray());
        assertThat(answer.path("apiVersion").asText()).isEqualTo("admission.k8s.io/v1");
        assertThat(answer.path("kind").asText()).isEqualTo("AdmissionReview");
        return answer.path("response");
    }

    private static Response post(byte[] body) {
        return given().config(RestAssuredConfig.config()
                        .encoderConfig(EncoderConfig.encoderConfig()
                                .appendDefaultContentCharsetToContentTypeIfUndefined(false)))
                .contentType("application/json")
                .body(body)
                .post("/mutate?timeout=5s");
    }

    private static JsonNode patch(JsonNode response) throws IOException {
        return JSON.readTree(Base64.getDecoder().decode(response.path("patch").asText()));
    }
}
