package io.groupmembership.node.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.node.access.Operation;
import io.groupmembership.node.access.Operations;
import io.groupmembership.node.api.InMemoryNode;
import io.groupmembership.node.api.PolicyNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Route;
import jakarta.inject.Inject;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(PolicyNode.class)
class AdminGuardApiTest {
    @Inject
    AdminRoutes routes;

    @Inject
    Vertx vertx;

    @Test
    void everyRouteOfTheAdminPortIsGuarded() {
        TreeSet<String> served = new TreeSet<>();
        for (Route route : routes.router(vertx).getRoutes()) {
            if (route.getPath() != null) {
                served.add(route.getPath());
            }
        }
        TreeSet<String> guarded = new TreeSet<>();
        for (Operation operation : Operations.OF_ADMINISTRATORS.all()) {
            guarded.add(operation.path());
            assertThat(admin("nobody-token")
                            .request(operation.method(), operation.path())
                            .statusCode())
                    .as(operation.path())
                    .isEqualTo(403);
        }

        assertThat(guarded).isEqualTo(served);
        for (String path : served) {
            for (String method : new String[] {"GET", "POST", "PUT", "DELETE", "OPTIONS"}) {
                assertThat(given().port(InMemoryNode.adminPort())
                                .request(method, path)
                                .statusCode())
                        .as(method + " " + path)
                        .isEqualTo(401);
            }
        }
    }

    @Test
    void whoeverMayIsServed() {
        admin("all-token").get("/v1/raft").then().statusCode(200);
        admin("reader-token").get("/v1/raft").then().statusCode(403);
        admin("all-token").get("/v1/unknown").then().statusCode(404);
    }

    private static RequestSpecification admin(String token) {
        return given().port(InMemoryNode.adminPort()).header("Authorization", "Bearer " + token);
    }
}
