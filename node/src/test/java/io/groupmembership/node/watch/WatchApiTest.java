package io.groupmembership.node.watch;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.groupmembership.membership.Command;
import io.groupmembership.membership.GroupKey;
import io.groupmembership.membership.MemberSpec;
import io.groupmembership.membership.Request;
import io.groupmembership.membership.Result;
import io.groupmembership.node.api.InMemoryNode;
import io.groupmembership.node.api.InMemoryReplica;
import io.groupmembership.node.api.Problems;
import io.groupmembership.node.watch.EventClient.Event;
import io.groupmembership.node.watch.EventClient.Stream;
import io.groupmembership.protocol.HeartbeatMode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
@QuarkusTest
@TestProfile(InMemoryNode.class)
class WatchApiTest {
    private final GroupKey group = new GroupKey("default", "w-" + UUID.randomUUID());
    private final String path = "/v1/namespaces/default/groups/" + group.name() + "?watch=true";

    @Inject
    InMemoryReplica replica;

    @Inject
    WatchStats stats;

    private EventClient client = new EventClient(0, 1);

    @BeforeEach
    void connect() {
        client.close();
        client = new EventClient(RestAssured.port, 4_000);
    }

    @AfterEach
    void everyWatcherIsForgotten() {
        client.close();
        await().until(() -> stats.watchers() == 0);
    }

    @Test
    void aNewWatcherGetsASnapshotAndThenEveryView() {
        join("a");
        Stream stream = watch();
        join("b");
        leave("a");

        await().until(() -> stream.events.size() == 3);
        assertThat(stream.types()).containsExactly("snapshot", "view", "view");
        assertThat(stream.ids()).containsExactly("1", "2", "3");
        assertThat(stream.events.getFirst().data()).contains("\"members\":[{\"memberId\":\"a\"");
        assertThat(stream.events.get(1).data()).contains("\"joined\":[{\"memberId\":\"b\"", "\"monitor\":\"node-1\"");
        assertThat(stream.events.get(2).data()).contains("\"leader\":\"b\"", "\"reason\":\"left\"");
    }

    @Test
    void aGroupThatDoesNotExistYetCanBeWatched() {
        Stream stream = watch();
        join("a");

        await().until(() -> stream.events.size() == 2);
        assertThat(stream.ids()).containsExactly("0", "1");
    }

    @Test
    void aWatcherResumesBehindTheLastEventThatItHas() {
        for (String memberId : List.of("a", "b", "c", "d")) {
            join(memberId);
        }

        Stream stream = watch("2");
        join("e");

        await().until(() -> stream.events.size() == 3);
        assertThat(stream.types()).containsOnly("view");
        assertThat(stream.ids()).containsExactly("3", "4", "5");
    }

    @Test
    void aWatcherThatHasEverythingWaitsForTheNextView() {
        join("a");
        Stream stream = watch("1");
        join("b");

        await().until(() -> stream.events.size() == 1);
        assertThat(stream.ids()).containsExactly("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"77", "999999999999999999999999"})
    void aNumberFromTheFutureIsAnsweredWithAResetAndTheStreamGoesOn(String lastEventId) {
        join("a");
        Stream stream = watch(lastEventId);
        await().until(() -> stream.events.size() == 1);
        join("b");

        await().until(() -> stream.events.size() == 2);
        assertThat(stream.types()).containsExactly("reset", "view");
        assertThat(stream.ids()).containsExactly("1", "2");
    }

    @Test
    void aNumberThatIsGoneIsAnsweredWithAReset() {
        join("a");
        join("b");
        fillTheHistory();

        Stream stream = watch("1");
        await().until(() -> stream.events.size() == 1);

        assertThat(stream.types()).containsExactly("reset");
        assertThat(stream.ids()).containsExactly("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "-1", "1.5", "1,2", "0x10"})
    void aLastEventIdThatIsNoNumberIsRefused(String lastEventId) {
        given().header("Last-Event-ID", lastEventId)
                .get(path)
                .then()
                .statusCode(400)
                .contentType(Problems.MEDIA_TYPE)
                .body("field", equalTo("Last-Event-ID"));
        given().header("Last-Event-ID", lastEventId)
                .get("/v1/watch")
                .then()
                .statusCode(400)
                .body("field", equalTo("Last-Event-ID"));
    }

    @Test
    void whatIsNoWatchIsRefusedOrAnsweredWithTheView() {
        join("a");
        String view = path.replace("?watch=true", "");

        given().get(view + "?watch=yes").then().statusCode(400).body("field", equalTo("watch"));
        given().get(view + "?watch=false").then().statusCode(200).body("view", equalTo(1));
        given().get(view + "?watch=true&consistency=x").then().statusCode(400).body("field", equalTo("consistency"));
        given().get("/v1/namespaces/default/groups/G?watch=true")
                .then()
                .statusCode(400)
                .body("field", equalTo("group"));
    }

    @Test
    void theStreamOfEverythingHasAnIdAtTheEndOfEachEntryOnly() {
        join("a");
        Stream stream = client.open("/v1/watch", Optional.empty()).join();
        await().until(() ->
                !stream.events.isEmpty() && !stream.events.getLast().id().isEmpty());
        int snapshots = stream.events.size();
        String resumeFrom = stream.events.getLast().id();

        GroupKey second = new GroupKey("default", group.name() + "-2");
        join(second, "x");
        submit(new Command.Remove(List.of(target(group, "a"), target(second, "x"))));

        await().until(() -> stream.events.size() == snapshots + 3);
        List<Event> views = stream.events.subList(snapshots, snapshots + 3);
        assertThat(stream.types().subList(0, snapshots)).containsOnly("snapshot");
        assertThat(stream.ids().subList(0, snapshots - 1)).containsOnly("");
        assertThat(views.get(0).id()).isNotEmpty();
        assertThat(views.get(1).id()).isEmpty();
        assertThat(views.get(2).id()).isNotEmpty();
        Stream resumed = client.open("/v1/watch", Optional.of(resumeFrom)).join();
        await().until(() -> resumed.events.size() == 3);
        assertThat(resumed.events).isEqualTo(views);
    }

    @Test
    void severalViewsOfOneLogEntryComeOneByOne() {
        Stream stream = watch();
        await().until(() -> stream.events.size() == 1);

        replica.submitTogether(List.of(joining(group, "a"), joining(group, "b"), joining(group, "c")));

        await().until(() -> stream.events.size() == 4);
        assertThat(stream.ids()).containsExactly("0", "1", "2", "3");
        Stream resumed = watch("2");
        await().until(() -> resumed.events.size() == 1);
        assertThat(resumed.ids()).containsExactly("3");
    }

    @Test
    void aSnapshotOfTheLogMakesUpForWhatNobodyWasTold() {
        join("a");
        Stream stream = watch();
        Stream all = client.open("/v1/watch", Optional.empty()).join();
        await().until(() ->
                stream.events.size() == 1 && !all.events.getLast().id().isEmpty());
        int before = all.events.size();

        replica.installSnapshotWith(List.of(joining(group, "b"), joining(group, "c")));

        await().until(() -> stream.events.size() == 3 && all.events.size() == before + 2);
        assertThat(stream.ids()).containsExactly("1", "2", "3");
        join("d");
        await().until(() -> stream.events.size() == 4 && all.events.size() == before + 3);
    }

    @Test
    void aSlowReaderGetsEveryViewOnceAndInOrderWhenItReadsAgain() {
        Stream slow = watch();
        await().until(() -> slow.events.size() == 1);
        slow.pause();
        long views = 3_000;
        String note = "x".repeat(1_000);
        for (int i = 0; i < views; i++) {
            submit(new Command.Join(group, List.of(joiner("m" + i, Map.of("note", note)))));
        }

        slow.resume();

        await().until(() -> slow.ids().getLast().equals(String.valueOf(views)));
        assertThat(slow.types()).doesNotContain("reset");
        assertThat(slow.ids())
                .containsExactlyElementsOf(LongStream.rangeClosed(0, views)
                        .mapToObj(String::valueOf)
                        .toList());
    }

    @Test
    void aReaderThatIsTooSlowForTheHistoryIsReset() {
        Stream slow = watch();
        await().until(() -> slow.events.size() == 1);
        long resets = stats.resets();
        slow.pause();
        String note = "x".repeat(4_000);
        for (int i = 0; i < 3_000; i++) {
            submit(new Command.Join(group, List.of(joiner("m" + i, Map.of("note", note)))));
        }
        fillTheHistory();

        slow.resume();

        await().until(() -> slow.types().contains("reset"));
        assertThat(stats.resets()).isGreaterThan(resets);
        Event reset = slow.events.get(slow.types().indexOf("reset"));
        assertThat(reset.id()).isEqualTo("3000");
        leave("m0");
        await().until(() -> slow.ids().getLast().equals("3001"));
    }

    @Test
    void thousandsOfWatchersGetTheSameViewsInTheSameOrder() {
        int watchers = 3_000;
        List<CompletableFuture<Stream>> opening = new ArrayList<>();
        for (int i = 0; i < watchers; i++) {
            opening.add(client.open(path, Optional.empty()));
        }
        List<Stream> streams = opening.stream().map(CompletableFuture::join).toList();
        await().until(() -> streams.stream().noneMatch(stream -> stream.events.isEmpty()));
        assertThat(stats.watchers()).isEqualTo(watchers);

        for (int i = 0; i < 5; i++) {
            join("m" + i);
        }

        await().until(() -> streams.stream().allMatch(stream -> stream.events.size() == 6));
        assertThat(streams)
                .allSatisfy(stream -> assertThat(stream.ids()).containsExactly("0", "1", "2", "3", "4", "5"));
        streams.subList(0, 1_000).forEach(Stream::close);
        await().until(() -> stats.watchers() == watchers - 1_000);
        join("last");
        List<Stream> rest = streams.subList(1_000, watchers);
        await().until(() -> rest.stream().allMatch(stream -> stream.events.size() == 7));
    }

    @Test
    void aLargeViewIsSentWholeToThoseWhoWatchAndThoseWhoRead() {
        fill(group, 20, Map.of());
        List<CompletableFuture<Stream>> opening = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            opening.add(client.open(path, Optional.empty()));
        }
        List<Stream> streams = opening.stream().map(CompletableFuture::join).toList();

        await().until(() -> streams.stream().allMatch(stream -> stream.events.size() == 1));
        String view = given().get(path.replace("?watch=true", "")).asString();
        assertThat(streams)
                .allSatisfy(
                        stream -> assertThat(stream.events.getFirst().data()).isEqualTo(view));
        assertThat(view).contains("\"memberId\":\"m0-0\"", "\"memberId\":\"m19-999\"");
        join("z");
        await().until(() -> streams.stream().allMatch(stream -> stream.events.size() == 2));
    }

    private Stream watch() {
        return client.open(path, Optional.empty()).join();
    }

    private Stream watch(String lastEventId) {
        return client.open(path, Optional.of(lastEventId)).join();
    }

    private void join(String memberId) {
        join(group, memberId);
    }

    private void join(GroupKey to, String memberId) {
        submit(joining(to, memberId));
    }

    private void leave(String memberId) {
        submit(new Command.Leave(group, memberId, OptionalLong.empty()));
    }

    /** So many other changes that the history has none of this group's. */
    private void fillTheHistory() {
        GroupKey other = new GroupKey("default", group.name() + "-other");
        fill(other, 6, Map.of("note", "x".repeat(4_000)));
    }

    private void fill(GroupKey to, int thousands, Map<String, String> metadata) {
        for (int i = 0; i < thousands; i++) {
            List<Command.Joiner> joiners = new ArrayList<>();
            for (int j = 0; j < 1_000; j++) {
                joiners.add(joiner("m" + i + "-" + j, metadata));
            }
            submit(new Command.Join(to, joiners));
        }
    }

    private Command.Target target(GroupKey of, String memberId) {
        return replica.read(state -> state.view(of)).orElseThrow().members().stream()
                .filter(member -> member.memberId().equals(memberId))
                .map(member -> new Command.Target(
                        of,
                        memberId,
                        member.incarnation(),
                        member.assignmentEpoch(),
                        io.groupmembership.membership.LeaveReason.CRASHED,
                        io.groupmembership.membership.Evidence.NONE))
                .findFirst()
                .orElseThrow();
    }

    private static Command.Join joining(GroupKey to, String memberId) {
        return new Command.Join(to, List.of(joiner(memberId, Map.of())));
    }

    private static Command.Joiner joiner(String memberId, Map<String, String> metadata) {
        return new Command.Joiner(
                MemberSpec.of(memberId, "h:1", HeartbeatMode.TCP, "h:1", Optional.empty(), metadata),
                OptionalLong.empty());
    }

    private void submit(Command command) {
        Result result = replica.submit(new Request(Optional.empty(), command)).join();
        assertThat(result).isNotInstanceOf(Result.Refused.class);
    }
}
