package io.groupmembership.node.watch;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.groupmembership.node.api.InMemoryNode;
import io.groupmembership.node.api.Problems;
import io.groupmembership.node.watch.EventClient.Stream;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A node of its own, because it does not come back: one that takes two watchers, and then shuts down. */
@QuarkusTest
@TestProfile(ShutdownApiTest.TwoWatchers.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ShutdownApiTest {
    /** The node of the other tests, with room for two watchers. */
    public static final class TwoWatchers implements QuarkusTestProfile {
        private final InMemoryNode node = new InMemoryNode();

        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> overrides = new HashMap<>(node.getConfigOverrides());
            overrides.put("gm.max-watchers", "2");
            return overrides;
        }

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return node.getEnabledAlternatives();
        }
    }

    @Inject
    Event<ShutdownDelayInitiatedEvent> shutdown;

    @Inject
    WatchStats stats;

    @Test
    @Order(1)
    void oneWatcherMoreThanTheNodeTakesIsSentElsewhere() {
        try (EventClient client = new EventClient(RestAssured.port, 4)) {
            Stream first = client.open("/v1/watch", Optional.empty()).join();
            client.open("/v1/watch", Optional.empty()).join();

            given().get("/v1/watch")
                    .then()
                    .statusCode(503)
                    .contentType(Problems.MEDIA_TYPE)
                    .header("Retry-After", "1");
            first.close();
            await().until(() -> stats.watchers() == 1);
            client.open("/v1/namespaces/default/groups/g?watch=true", Optional.empty())
                    .join();
        }
        await().until(() -> stats.watchers() == 0);
    }

    @Test
    @Order(2)
    void aNodeThatShutsDownEndsItsStreamsAndTakesNothingOn() {
        try (EventClient client = new EventClient(RestAssured.port, 4)) {
            Stream stream = client.open("/v1/namespaces/default/groups/g?watch=true", Optional.empty())
                    .join();
            await().until(() -> stream.events.size() == 1);

            shutdown.fire(new ShutdownDelayInitiatedEvent());

            await().until(() -> stream.ended);
            assertThat(stats.watchers()).isZero();
            given().get("/v1/groups")
                    .then()
                    .statusCode(503)
                    .contentType(Problems.MEDIA_TYPE)
                    .header("Retry-After", "1")
                    .body("type", equalTo("urn:groupmembership:problem:shutting-down"));
            given().get("/q/health/live").then().statusCode(200);
        }
    }
}
