package io.groupmembership.node.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.groupmembership.node.access.Operations;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import jakarta.inject.Inject;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody gets where they may not, by whatever path. */
@QuarkusTest
@TestProfile(PolicyNode.class)
class AccessGuardApiTest {
    private static final String GROUPS = "/v1/namespaces/shop/groups/";
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete");

    @Inject
    Router router;

    @Test
    void everyOperationOfTheDescriptionIsGuarded() {
        JsonPath api =
                given().accept("application/json").get("/q/openapi?format=json").jsonPath();
        Map<String, Map<String, Object>> paths = api.getMap("paths");
        int[] operations = {0};

        paths.forEach((template, methods) -> methods.keySet().stream()
                .filter(METHODS::contains)
                .forEach(method -> {
                    operations[0]++;
                    String path = template.replaceAll("\\{[^}]*}", "x");
                    String verb = method.toUpperCase(Locale.ROOT);
                    assertThat(given().request(verb, path).statusCode())
                            .as(verb + " " + path + " of nobody known")
                            .isEqualTo(401);
                    assertThat(with("nobody-token").request(verb, path).statusCode())
                            .as(verb + " " + path + " of a caller without rights")
                            .isEqualTo(403);
                }));

        assertThat(operations[0]).isGreaterThanOrEqualTo(16);
    }

    @Test
    void everyRouteIsGuarded() {
        int[] tried = {0};
        for (Route route : router.getRoutes()) {
            if (route.getPath() == null) {
                continue;
            }
            String path = route.getPath().replaceAll(":\\w+", "x").replaceAll("/\\*?$", "");
            Set<HttpMethod> methods = route.methods() == null || route.methods().isEmpty()
                    ? Set.of(HttpMethod.GET, HttpMethod.POST)
                    : route.methods();
            for (HttpMethod method : methods) {
                boolean open = Operations.OF_CLIENTS
                        .match(method.name(), path.isEmpty() ? "/" : path)
                        .map(match -> match.operation().open())
                        .orElse(method.equals(HttpMethod.OPTIONS));
                if (!open) {
                    tried[0]++;
                    assertThat(given().request(method.name(), path.isEmpty() ? "/" : path)
                                    .statusCode())
                            .as(method + " " + path)
                            .isEqualTo(401);
                }
            }
        }
        assertThat(tried[0]).isGreaterThan(3);
    }

    @Test
    void healthAndTheDescriptionAreOpenAndFiguresAreNot() {
        given().get("/q/health/live").then().statusCode(200);
        given().get("/q/openapi").then().statusCode(200);
        given().get("/q/metrics").then().statusCode(401);
        given().post("/q/metrics").then().statusCode(401);
        with("reader-token").get("/q/metrics").then().statusCode(403);
        with("all-token").get("/q/metrics").then().statusCode(200).body(containsString("gm_access_denied_total"));
    }

    @Test
    void aRefusalSaysWhoMayNotDoWhat() {
        given().get(GROUPS + "orders")
                .then()
                .statusCode(401)
                .contentType(Problems.MEDIA_TYPE)
                .header("WWW-Authenticate", equalTo("Bearer"));
        given().header("Authorization", "Basic YTpi")
                .get(GROUPS + "orders")
                .then()
                .statusCode(401);
        with("unknown").get(GROUPS + "orders").then().statusCode(401);
        with("reader-token")
                .get("/v1/namespaces/bank/groups/orders")
                .then()
                .statusCode(403)
                .contentType(Problems.MEDIA_TYPE)
                .body("type", containsString("forbidden"))
                .body("detail", containsString("reader may not get groups orders in namespace bank"));
    }

    @Test
    void aRuleOpensWhatItNames() {
        String key = "/v1/namespaces/shop/kv/a/b";
        with("reader-token").body("v").put(key).then().statusCode(403);
        with("writer-token").body("v").put(key).then().statusCode(201);
        with("reader-token").get(key).then().statusCode(200);
        with("reader-token").head(key).then().statusCode(200);
        given().head(key).then().statusCode(401);
        join("writer-token", "orders", "a", "k1").then().statusCode(201);
        with("reader-token").get(GROUPS + "orders").then().statusCode(200);
        with("reader-token").get("/v1/groups").then().statusCode(403);
        with("reader-token").get("/v1/watch").then().statusCode(403);
        with("reader-token").delete(GROUPS + "orders/members/a").then().statusCode(403);
    }

    @Test
    void theIdempotencyKeyOfAnotherCallerBringsNothingOfTheirs() {
        join("writer-token", "replayed", "a", "same-key").then().statusCode(201);
        join("writer-token", "replayed", "a", "same-key").then().statusCode(201);

        // were it one request, this would be the first answer again
        join("all-token", "replayed", "a", "same-key").then().statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/namespaces/shop/groups/../../bank/groups/orders",
                "/v1/namespaces/shop/groups/%2e%2e/%2e%2e/bank/groups/orders",
                "/v1/namespaces/shop%2f..%2fbank/groups/orders",
                "/v1/namespaces/shop;x=y/groups/orders",
                "/v1/namespaces/shop/kv/..%2F..%2Fbank%2Fkv%2Fa",
                "/v1/namespaces/shop/kv/%252e%252e/a"
            })
    void aPathThatMeansTwoThingsIsRefusedBeforeAnybodyDecides(String path) {
        with("writer-token").urlEncodingEnabled(false).get(path).then().statusCode(400);
    }

    @Test
    void aNameIsDecodedBeforeItIsDecidedAbout() {
        // %62ank is bank
        with("writer-token")
                .urlEncodingEnabled(false)
                .get("/v1/namespaces/%62ank/groups/orders")
                .then()
                .statusCode(403)
                .body("detail", containsString("in namespace bank"));
        join("writer-token", "decoded", "a", "k2").then().statusCode(201);
        with("reader-token")
                .urlEncodingEnabled(false)
                .get("/v1/namespaces/%73hop/groups/decoded")
                .then()
                .statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"169.254.169.254:80", "10.0.0.1:22", "[::ffff:10.0.0.1]:80"})
    void nobodyHasTheNodeConnectToElsewhere(String address) {
        with("writer-token")
                .contentType("application/json")
                .body("{\"memberId\":\"a\",\"address\":\"127.0.0.1:1\",\"heartbeatAddress\":\"" + address + "\"}")
                .post(GROUPS + "elsewhere/members")
                .then()
                .statusCode(400)
                .body("field", equalTo("heartbeatAddress"));
    }

    @Test
    void whatIsNotServedIsNotThere() {
        given().get("/v1/unknown").then().statusCode(401);
        with("all-token").get("/v1/unknown").then().statusCode(404);
        with("all-token").patch(GROUPS + "orders").then().statusCode(405);
    }

    private static Response join(String token, String group, String member, String key) {
        return with(token)
                .contentType("application/json")
                .header(IdempotencyKeys.HEADER, key)
                .body("{\"memberId\":\"" + member
                        + "\",\"address\":\"127.0.0.1:1\",\"instance\":\"11111111-2222-4333-8444-555555555555\"}")
                .post(GROUPS + group + "/members");
    }

    private static RequestSpecification with(String token) {
        return given().header("Authorization", "Bearer " + token);
    }
}
