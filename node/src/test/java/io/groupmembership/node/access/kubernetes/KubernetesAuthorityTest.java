package io.groupmembership.node.access.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.node.access.AccessDecision;
import io.groupmembership.node.access.Attributes;
import io.groupmembership.node.access.Authentication;
import io.groupmembership.node.access.Caller;
import io.groupmembership.node.access.Pod;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubernetesAuthorityTest {
    private static final Attributes READ = new Attributes("get", "groups", "shop", "orders");

    @TempDir
    Path directory;

    private long now;
    private FakeApiServer server;
    private KubernetesAuthority authority;

    @BeforeEach
    void start() throws Exception {
        server = new FakeApiServer(directory.resolve("credentials"));
        authority = new KubernetesAuthority(
                URI.create(server.url()), server.credentials(), Optional.of("team=a"), () -> now);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theTokenOfAPodNamesThePod() {
        assertThat(caller("x.pod1.x").pod()).contains(new Pod("shop", "pod-1", "uid-1"));
        assertThat(caller("x.ci.x").pod()).isEmpty();
    }

    @Test
    void anExpiredTokenAndOneThatNobodyCheckedTheAudienceOfAreRefused() {
        assertThat(authority.authenticate("x.expired.x").join()).isInstanceOf(Authentication.Refused.class);
        assertThat(authority.authenticate("x.unaware.x").join()).isInstanceOf(Authentication.Refused.class);
    }

    @Test
    void whatIsNoTokenIsNotAskedAbout() {
        assertThat(authority.authenticate("nonsense").join()).isInstanceOf(Authentication.Refused.class);
        assertThat(authority.authenticate("x." + "y".repeat(9_000) + ".x").join())
                .isInstanceOf(Authentication.Refused.class);
        assertThat(server.reviews).hasValue(0);
    }

    @Test
    void aQuestionIsAskedOnceForAllThatAskItAtATime() {
        CompletableFuture<Authentication> one = authority.authenticate("x.slow.x");
        CompletableFuture<Authentication> other = authority.authenticate("x.slow.x");

        assertThat(one.join()).isEqualTo(other.join());
        assertThat(server.reviews).hasValue(1);
    }

    @Test
    void rightsAreTheServers() {
        Caller ci = caller("x.ci.x");

        assertThat(authority.decide(ci, READ).join()).isInstanceOf(AccessDecision.Allow.class);
        assertThat(authority
                        .decide(ci, new Attributes("get", "groups", "bank", "a"))
                        .join())
                .isInstanceOf(AccessDecision.Deny.class);
    }

    @Test
    void aPodIsWhereTheServerSaysAndAnotherOfItsNameIsNowhere() throws Exception {
        assertThat(authority.addressesOf(new Pod("shop", "pod-1", "uid-1")).join())
                .contains(Set.of(InetAddress.ofLiteral("10.1.2.3"), InetAddress.ofLiteral("fd00::3")));
        assertThat(authority.addressesOf(new Pod("shop", "pod-1", "uid-1b")).join())
                .isEqualTo(Optional.of(Set.of()));
    }

    @Test
    void podsOfANamespaceThatTheSelectorDoesNotMatchMayNotJoin() {
        assertThat(authority.decideOn("shop").join()).isInstanceOf(AccessDecision.Allow.class);
        assertThat(authority.decideOn("bank").join())
                .isInstanceOfSatisfying(
                        AccessDecision.Deny.class,
                        deny -> assertThat(deny.reason()).contains("bank"));
        server.broken = true;
        assertThat(authority.decideOn("other").join()).isInstanceOf(AccessDecision.Unknown.class);
        assertThat(new KubernetesAuthority(URI.create(server.url()), server.credentials(), Optional.empty(), () -> now)
                        .decideOn("other")
                        .join())
                .isInstanceOf(AccessDecision.Allow.class);
    }

    @Test
    void whileTheServerIsAwayAnswersHoldForTheirLifeAndThenNobodyKnows() {
        Caller ci = caller("x.ci.x");
        server.broken = true;

        now = Duration.ofSeconds(9).toNanos();
        assertThat(caller("x.ci.x")).isEqualTo(ci);

        now = Duration.ofSeconds(10).toNanos();
        assertThat(authority.authenticate("x.ci.x").join()).isInstanceOf(Authentication.Unknown.class);
        assertThat(authority.decide(ci, READ).join()).isInstanceOf(AccessDecision.Unknown.class);
    }

    @Test
    void aServerThatIsNotThereIsAnAnswerToo() {
        server.close();

        assertThat(authority.authenticate("x.ci.x").join()).isInstanceOf(Authentication.Unknown.class);
        assertThat(authority.failures()).isEqualTo(1);
    }

    @Test
    void aTokenThatWasRotatedIsUsed() throws Exception {
        server.expectedToken = "next-token";
        assertThat(authority.authenticate("x.ci.x").join()).isInstanceOf(Authentication.Unknown.class);

        Files.writeString(server.credentials().resolve("token"), "next-token\n");
        authority.refresh();
        now = Duration.ofSeconds(2).toNanos();

        assertThat(caller("x.ci.x").user()).isEqualTo("ci");
    }

    @Test
    void aServerOfAnotherAuthorityIsNotBelieved() throws Exception {
        try (FakeApiServer other = new FakeApiServer(directory.resolve("other"))) {
            KubernetesAuthority deceived =
                    new KubernetesAuthority(URI.create(other.url()), server.credentials(), Optional.empty(), () -> now);

            assertThat(deceived.authenticate("x.ci.x").join()).isInstanceOf(Authentication.Unknown.class);
            assertThat(other.reviews).hasValue(0);
        }
    }

    private Caller caller(String token) {
        return ((Authentication.Known) authority.authenticate(token).join()).caller();
    }
}
