package io.groupmembership.node.admin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.groupmembership.membership.Snapshot;
import io.groupmembership.node.api.InMemoryNode;
import io.groupmembership.node.api.InMemoryReplica;
import io.groupmembership.node.api.Problems;
import io.groupmembership.node.api.RawHttp;
import io.groupmembership.protocol.api.RaftState;
import io.groupmembership.protocol.backup.BackupFrame;
import io.groupmembership.protocol.backup.BackupHeader;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(InMemoryNode.class)
class AdminApiTest {
    private static final String PEER_ID = "node-2.0b4d9f0e-5d1c-4f63-9f0e-1f1d8a6f0c11";
    private static final String PEER =
            "{\"peerId\":\"" + PEER_ID + "\",\"address\":\"h:1\",\"clientAddress\":\"h:2\",\"adminAddress\":\"h:3\"}";

    @Inject
    InMemoryReplica replica;

    @Test
    void theRaftGroupIsSeenAtTheAdminPortToo() {
        admin().get("/v1/raft")
                .then()
                .statusCode(200)
                .body("nodeId", equalTo("node-1"))
                .body("peers", hasSize(1));
    }

    @Test
    void aBackupIsWhatTheStateIsAndCanBeChecked() throws IOException {
        Files.createDirectories(Path.of("target", "in-memory-node"));

        byte[] body = admin().get("/v1/backup").then().statusCode(200).extract().asByteArray();

        InputStream in = new ByteArrayInputStream(body);
        BackupHeader header = new ObjectMapper().readValue(BackupFrame.readHead(in), BackupHeader.class);
        ByteArrayOutputStream snapshot = new ByteArrayOutputStream();
        BackupFrame.copySnapshot(in, header, snapshot);
        assertThat(header.nodeId()).isEqualTo("node-1");
        byte[] bytes = snapshot.toByteArray();
        assertThat(Snapshot.verify(new ByteArrayInputStream(bytes), bytes.length))
                .isEqualTo(UUID.fromString(header.clusterId()));
        admin().post("/v1/backup").then().statusCode(405).header("Allow", equalTo("GET"));
    }

    @Test
    void aConfigurationThatIsInOrderIsHandedOn() {
        configure("{\"peers\":[" + PEER + "]}").statusCode(200).body("role", equalTo("leader"));

        assertThat(replica.configurations())
                .last()
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .containsExactly(new RaftState.Peer(PEER_ID, "h:1", "h:2", "h:3"));
    }

    @Test
    void aRefusalOfTheNodeIsAConflict() {
        configure("{\"expected\":[\"" + PEER_ID + "\"],\"peers\":[" + PEER + "]}")
                .statusCode(409)
                .contentType(Problems.MEDIA_TYPE)
                .body("detail", equalTo("the configuration is another one"));
        transfer("{\"nodeId\":\"node-7\"}")
                .statusCode(409)
                .body("type", equalTo("urn:groupmembership:problem:refused"));
    }

    @Test
    void leadershipIsMoved() {
        transfer("{\"nodeId\":\"node-1\"}").statusCode(204);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{}|peers",
                "{\"peers\":[]}|peers",
                "{\"peers\":[null]}|peers[0]",
                "{\"peers\":[{\"peerId\":\"node-2\"}]}|peers[0].peerId",
                "{\"peers\":[{\"peerId\":\"node-2.0b4d9f0e-5d1c-4f63-9f0e-1f1d8a6f0c11\"}]}|peers[0].address",
                "{\"peers\":[{\"peer\":\"x\"}]}|peers[0].peer",
                "{\"expected\":[],\"peers\":[]}|expected",
                "{\"expected\":[\"x\"],\"peers\":[]}|expected[0]"
            })
    void aWrongFieldIsNamed(String body, String field) {
        configure(body).statusCode(400).contentType(Problems.MEDIA_TYPE).body("field", equalTo(field));
    }

    @Test
    void whatIsWrongIsAnsweredWithAProblem() throws IOException {
        transfer("{}").statusCode(400).body("field", equalTo("nodeId"));
        transfer("{\"nodeId\":\"../x\"}").statusCode(400).body("field", equalTo("nodeId"));
        transfer("{").statusCode(400).body("type", equalTo("urn:groupmembership:problem:malformed-json"));
        admin().get("/v1/raft/leader").then().statusCode(405).header("Allow", "POST");
        admin().post("/v1/raft").then().statusCode(405).header("Allow", "GET");
        admin().get("/v1/groups").then().statusCode(404).contentType(Problems.MEDIA_TYPE);
        admin().contentType("text/plain")
                .body("{}")
                .put("/v1/raft/configuration")
                .then()
                .statusCode(415);
        admin().contentType("application/json")
                .body(" ".repeat(65 * 1024))
                .put("/v1/raft/configuration")
                .then()
                .statusCode(413)
                .contentType(Problems.MEDIA_TYPE);
        assertThat(RawHttp.exchange(InMemoryNode.adminPort(), "GET /v1/../v1/raft HTTP/1.1"))
                .startsWith("HTTP/1.1 400");
    }

    private static ValidatableResponse configure(String body) {
        return admin().contentType("application/json")
                .body(body)
                .put("/v1/raft/configuration")
                .then();
    }

    private static ValidatableResponse transfer(String body) {
        return admin().contentType("application/json")
                .body(body)
                .post("/v1/raft/leader")
                .then();
    }

    private static RequestSpecification admin() {
        return given().port(InMemoryNode.adminPort());
    }
}
