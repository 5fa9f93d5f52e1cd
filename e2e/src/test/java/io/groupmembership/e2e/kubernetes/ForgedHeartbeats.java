package io.groupmembership.e2e.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.groupmembership.protocol.heartbeat.Datagram;
import io.groupmembership.protocol.heartbeat.DatagramSeal;
import io.groupmembership.protocol.heartbeat.HeartbeatKey;
import io.groupmembership.protocol.heartbeat.MemberHash;
import java.util.Base64;
import java.util.HexFormat;

/** Somebody who knows everything of a member but its key. */
final class ForgedHeartbeats {
    private ForgedHeartbeats() {}

    /** An ack of a living member of secure/payments, sealed with a key that is not its own. */
    static byte[] ack(JsonNode member, int keyId, int sequence) {
        long hash = MemberHash.of("secure", "payments", member.path("memberId").asText());
        Datagram ping = new Datagram();
        ping.bePing(keyId, hash, member.path("incarnation").asLong(), 1, sequence, 1, 0);
        Datagram ack = new Datagram();
        ack.beAnswerTo(ping, Long.MAX_VALUE / 2, System.nanoTime());
        byte[] secret = new byte[HeartbeatKey.BYTES];
        new DatagramSeal().seal(ack, HeartbeatKey.of(keyId, Base64.getEncoder().encodeToString(secret)));
        byte[] bytes = new byte[Datagram.BYTES];
        ack.toSend().get(bytes);
        return bytes;
    }

    /** From the machine that all pods are on. */
    static void send(Pod node, byte[] datagram) {
        String escaped = HexFormat.of().withPrefix("\\x").formatHex(datagram);
        Kubernetes.get()
                .onServer(
                        "bash",
                        "-c",
                        "printf '" + escaped + "' >/dev/udp/" + node.getStatus().getPodIP() + "/7730");
    }
}
