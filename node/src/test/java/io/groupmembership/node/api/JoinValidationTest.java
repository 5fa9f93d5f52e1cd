package io.groupmembership.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.groupmembership.membership.Command.Joiner;
import io.groupmembership.protocol.HeartbeatMode;
import io.groupmembership.protocol.Limits;
import io.groupmembership.protocol.api.BatchJoinRequest;
import io.groupmembership.protocol.api.JoinRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JoinValidationTest {
    private static final String INSTANCE = "0b4d9f0e-5d1c-4f63-9f0e-1f1d8a6f0c11";

    record Case(String name, JoinRequest request, String field) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> wrongRequests() {
        return Stream.of(
                new Case("no memberId", join(null, "h:1"), "memberId"),
                new Case("empty memberId", join("", "h:1"), "memberId"),
                new Case("path in memberId", join("../b", "h:1"), "memberId"),
                new Case("slash in memberId", join("a/b", "h:1"), "memberId"),
                new Case("newline in memberId", join("a\nb", "h:1"), "memberId"),
                new Case("NUL in memberId", join("a\0b", "h:1"), "memberId"),
                new Case("long memberId", join("a".repeat(254), "h:1"), "memberId"),
                new Case("no address", join("a", null), "address"),
                new Case("port 0", join("a", "10.0.0.1:0"), "address"),
                new Case("port 65536", join("a", "10.0.0.1:65536"), "address"),
                new Case("negative port", join("a", "10.0.0.1:-1"), "address"),
                new Case("no port", join("a", "10.0.0.1"), "address"),
                new Case("bare IPv6", join("a", "::1:7000"), "address"),
                new Case("broken IPv6", join("a", "[::zz]:7000"), "address"),
                new Case("any address", join("a", "[::]:7000"), "address"),
                new Case("long address", join("a", "h".repeat(600) + ":1"), "address"),
                new Case("mode ftp", new JoinRequest("a", "h:1", "ftp", null, null, null, null), "heartbeat"),
                new Case("mode UDP", new JoinRequest("a", "h:1", "UDP", null, INSTANCE, null, null), "heartbeat"),
                new Case(
                        "udp without instance", new JoinRequest("a", "h:1", "udp", null, null, null, null), "instance"),
                new Case(
                        "path for tcp",
                        new JoinRequest("a", "h:1", "tcp", "h:1/health", null, null, null),
                        "heartbeatAddress"),
                new Case(
                        "space in path",
                        new JoinRequest("a", "h:1", "http", "h:1/a b", null, null, null),
                        "heartbeatAddress"),
                new Case(
                        "line break in path",
                        new JoinRequest("a", "h:1", "http", "h:1/a\r\nHost: b", null, null, null),
                        "heartbeatAddress"),
                new Case("no UUID", new JoinRequest("a", "h:1", null, null, "me", null, null), "instance"),
                new Case("short UUID", new JoinRequest("a", "h:1", null, null, "1-1-1-1-1", null, null), "instance"),
                new Case("replaces 0", new JoinRequest("a", "h:1", null, null, null, 0L, null), "replaces"),
                new Case("replaces -5", new JoinRequest("a", "h:1", null, null, null, -5L, null), "replaces"),
                new Case("5 KiB of metadata", withMetadata(Map.of("k", "x".repeat(5 * 1024))), "metadata"),
                new Case("4 KiB of two-byte letters", withMetadata(Map.of("k", "é".repeat(2_048))), "metadata"),
                new Case("too many entries", withMetadata(entries(Limits.METADATA_ENTRIES + 1)), "metadata"),
                new Case("empty key", withMetadata(Map.of("", "x")), "metadata"),
                new Case("control character in a key", withMetadata(Map.of("a\tb", "x")), "metadata"),
                new Case("letter beyond ASCII in a key", withMetadata(Map.of("é", "x")), "metadata"),
                new Case("null value", withMetadata(Collections.singletonMap("zone", null)), "metadata.zone"),
                new Case("half a surrogate pair", withMetadata(Map.of("zone", "\ud83d")), "metadata.zone"));
    }

    @ParameterizedTest
    @MethodSource("wrongRequests")
    void aWrongRequestIsRefusedWithTheNameOfItsField(Case wrong) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> JoinValidation.joiner(wrong.request()))
                .satisfies(e -> {
                    assertThat(e.problem().status()).isEqualTo(400);
                    assertThat(e.problem().field()).isEqualTo(wrong.field());
                    assertThat(e.problem().detail()).startsWith(wrong.field() + " ");
                });
    }

    @ParameterizedTest
    @MethodSource("wrongRequests")
    void inABatchTheFieldSaysWhichMember(Case wrong) {
        BatchJoinRequest batch = new BatchJoinRequest(List.of(join("ok", "h:1"), wrong.request()));

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> JoinValidation.joiners(batch))
                .satisfies(e -> assertThat(e.problem().field()).isEqualTo("members[1]." + wrong.field()));
    }

    @Test
    void aHeartbeatAddressForHttpMayHaveAPath() {
        Joiner joiner = JoinValidation.joiner(new JoinRequest(
                "a", "[2001:db8::1]:7000", "http", "[2001:db8::1]:7001/health?deep=1", null, null, null));

        assertThat(joiner.spec().mode()).isEqualTo(HeartbeatMode.HTTP);
        assertThat(joiner.spec().heartbeatAddress()).isEqualTo("[2001:db8::1]:7001/health?deep=1");
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        Joiner joiner = JoinValidation.joiner(join("a", "10.0.0.1:65535"));

        assertThat(joiner.spec().mode()).isEqualTo(HeartbeatMode.TCP);
        assertThat(joiner.spec().heartbeatAddress()).isEqualTo("10.0.0.1:65535");
        assertThat(joiner.spec().metadata()).isEmpty();
        assertThat(joiner.replaces()).isEmpty();
    }

    @Test
    void metadataOfExactlyFourKibibytesIsTaken() {
        Map<String, String> metadata = Map.of("k", "x".repeat(Limits.METADATA_BYTES - 1));

        assertThat(JoinValidation.joiner(withMetadata(new HashMap<>(metadata)))
                        .spec()
                        .metadata())
                .isEqualTo(metadata);
    }

    @Test
    void theSameIdTwiceInABatchIsRefused() {
        BatchJoinRequest batch = new BatchJoinRequest(List.of(join("a", "h:1"), join("b", "h:1"), join("a", "h:2")));

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> JoinValidation.joiners(batch))
                .satisfies(e -> assertThat(e.problem().field()).isEqualTo("members[2].memberId"));
    }

    @Test
    void aBatchThatIsEmptyOrTooLongOrHasAHoleIsRefused() {
        List<JoinRequest> tooMany = Collections.nCopies(Limits.BATCH_MEMBERS + 1, join("a", "h:1"));

        assertThat(fieldOf(new BatchJoinRequest(null))).isEqualTo("members");
        assertThat(fieldOf(new BatchJoinRequest(List.of()))).isEqualTo("members");
        assertThat(fieldOf(new BatchJoinRequest(new ArrayList<>(tooMany)))).isEqualTo("members");
        assertThat(fieldOf(new BatchJoinRequest(Arrays.asList(join("a", "h:1"), null))))
                .isEqualTo("members[1]");
    }

    @Property(tries = 2_000)
    void anyRequestIsTakenOrRefusedWithAProblem(@ForAll("requests") JoinRequest request) {
        try {
            Joiner joiner = JoinValidation.joiner(request);
            assertThat(joiner.spec().memberId()).isEqualTo(request.memberId());
        } catch (ProblemException e) {
            assertThat(e.problem().status()).isEqualTo(400);
            assertThat(e.problem().field()).isNotBlank();
        }
    }

    @Provide
    Arbitrary<JoinRequest> requests() {
        Arbitrary<String> text = Arbitraries.strings().all().ofMaxLength(80).injectNull(0.1);
        Arbitrary<String> address = Arbitraries.oneOf(
                Arbitraries.of("h:1", "[::1]:7000", "10.0.0.1:65536", ":1", "[]:1", "[::1]", "a:b:c", "h:1/p"), text);
        return Combinators.combine(
                        Arbitraries.oneOf(Arbitraries.of("a", "web-0", "-"), text),
                        address,
                        Arbitraries.oneOf(Arbitraries.of("udp", "tcp", "http"), text),
                        address,
                        Arbitraries.oneOf(Arbitraries.of(INSTANCE), text),
                        Arbitraries.longs().injectNull(0.5),
                        Arbitraries.maps(
                                        Arbitraries.strings().ofMaxLength(8),
                                        Arbitraries.strings().ofMaxLength(50))
                                .ofMaxSize(5)
                                .injectNull(0.3))
                .as(JoinRequest::new);
    }

    private static @Nullable String fieldOf(BatchJoinRequest batch) {
        try {
            JoinValidation.joiners(batch);
            return "nothing is wrong";
        } catch (ProblemException e) {
            return e.problem().field();
        }
    }

    private static JoinRequest join(@Nullable String memberId, @Nullable String address) {
        return new JoinRequest(memberId, address, null, null, null, null, null);
    }

    private static JoinRequest withMetadata(Map<String, @Nullable String> metadata) {
        return new JoinRequest("a", "h:1", null, null, null, null, metadata);
    }

    private static Map<String, @Nullable String> entries(int count) {
        Map<String, @Nullable String> entries = new HashMap<>();
        for (int i = 0; i < count; i++) {
            entries.put("k" + i, "v");
        }
        return entries;
    }
}
