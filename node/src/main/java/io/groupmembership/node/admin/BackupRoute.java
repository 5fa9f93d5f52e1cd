package io.groupmembership.node.admin;

import io.groupmembership.membership.MembershipState;
import io.groupmembership.membership.Snapshot;
import io.groupmembership.node.api.ProblemResponses;
import io.groupmembership.node.api.Problems;
import io.groupmembership.node.api.StrictJson;
import io.groupmembership.node.identity.NodeIdentity;
import io.groupmembership.node.raft.Replica;
import io.groupmembership.protocol.backup.BackupFrame;
import io.groupmembership.protocol.backup.BackupHeader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A backup of the replicated state: everything that was acknowledged to anybody before it was asked for. It is written
 * to a file beside the node's data first, as its checksum stands before it; one at a time.
 */
final class BackupRoute {
    static final String FILE_NAME = "backup.sending";

    private final Replica replica;
    private final NodeIdentity identity;
    private final Path file;
    private final AtomicBoolean busy = new AtomicBoolean();

    BackupRoute(Replica replica, NodeIdentity identity) {
        this.replica = replica;
        this.identity = identity;
        this.file = identity.dataDirectory().resolve(FILE_NAME);
    }

    /** Deletes what a node that died left. */
    void deleteLeftover() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void serve(RoutingContext http) {
        if (!busy.compareAndSet(false, true)) {
            ProblemResponses.send(http, Problems.overloaded("another backup is being sent: ask again"));
            return;
        }
        Vertx vertx = http.vertx();
        Future.fromCompletionStage(replica.barrier(), vertx.getOrCreateContext())
                .compose(_ -> vertx.executeBlocking(this::write))
                .compose(header -> send(http, header))
                .onComplete(done -> {
                    vertx.executeBlocking(() -> {
                                deleteLeftover();
                                return true;
                            })
                            .onComplete(_ -> busy.set(false));
                    if (done.failed()) {
                        refuse(http, done.cause());
                    }
                });
    }

    private static void refuse(RoutingContext http, Throwable failure) {
        if (http.response().headWritten()) {
            http.response().reset();
        } else {
            ProblemResponses.send(http, failure);
        }
    }

    private BackupHeader write() throws IOException {
        deleteLeftover();
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        MessageDigest digest = BackupFrame.newSha256();
        try (OutputStream out =
                new BufferedOutputStream(new DigestOutputStream(Files.newOutputStream(file), digest), 1 << 16)) {
            Written written = replica.read(state -> write(state, out));
            if (written.failure != null) {
                throw written.failure;
            }
            out.flush();
            return new BackupHeader(
                    written.clusterId,
                    identity.cluster().name(),
                    written.recoveryEpoch,
                    written.logIndex,
                    System.currentTimeMillis(),
                    identity.self().nodeId(),
                    written.groups,
                    written.members,
                    written.keys,
                    Files.size(file),
                    HexFormat.of().formatHex(digest.digest()));
        }
    }

    private record Written(
            String clusterId,
            long recoveryEpoch,
            long logIndex,
            int groups,
            int members,
            int keys,
            @Nullable IOException failure) {}

    private static Written write(MembershipState state, OutputStream out) {
        IOException failure = null;
        try {
            Snapshot.write(state, out);
        } catch (IOException e) {
            failure = e;
        }
        return new Written(
                state.clusterId().toString(),
                state.recoveryEpoch(),
                state.appliedIndex(),
                state.groupCount(),
                state.memberCount(),
                state.keyCount(),
                failure);
    }

    private Future<?> send(RoutingContext http, BackupHeader header) {
        byte[] head = BackupFrame.head(StrictJson.write(header));
        HttpServerResponse response = http.response();
        response.putHeader("Content-Type", "application/octet-stream")
                .putHeader("Content-Length", String.valueOf(head.length + header.snapshotBytes()));
        return http.vertx()
                .fileSystem()
                .open(
                        file.toString(),
                        new OpenOptions().setRead(true).setWrite(false).setCreate(false))
                .compose(content -> send(response, head, content));
    }

    private static Future<?> send(HttpServerResponse response, byte[] head, AsyncFile content) {
        return response.write(Buffer.buffer(head)).compose(_ -> content.pipeTo(response));
    }
}
