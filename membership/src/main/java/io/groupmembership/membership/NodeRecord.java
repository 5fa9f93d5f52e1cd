package io.groupmembership.membership;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A node as the cluster knows it.
 *
 * @param slot a small number that stands for the node in every member it monitors; never reused
 * @param address the base URL of its HTTP API
 * @param udpAddress where its heartbeats come from, host:port
 * @param hashKey its place on the hash ring, see {@link #hashKey(String, String, String)}
 * @param live whether it takes part in monitoring
 * @param liveness grows each time the node becomes live: a command to declare it down names the one it means
 * @param members how many members it monitors
 * @param bootId of the process whose beat was agreed on last, 0 before the first
 * @param downIndex the index of the log entry by which it was declared down last, -1 where none did
 */
public record NodeRecord(
        int slot,
        String nodeId,
        String address,
        String udpAddress,
        String hashKey,
        boolean live,
        int liveness,
        int members,
        long bootId,
        long downIndex) {
    /** The MD5 of nodeId, address and cluster name, in hexadecimal. A place on the ring; no secret. */
    public static String hashKey(String nodeId, String address, String clusterName) {
        try {
            byte[] name = (nodeId + "\n" + address + "\n" + clusterName).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(name));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has MD5", e);
        }
    }

    NodeRecord withMembers(int count) {
        return new NodeRecord(slot, nodeId, address, udpAddress, hashKey, live, liveness, count, bootId, downIndex);
    }

    NodeRecord withBoot(long newBootId) {
        return new NodeRecord(
                slot, nodeId, address, udpAddress, hashKey, live, liveness, members, newBootId, downIndex);
    }

    NodeRecord at(String newAddress, String newUdpAddress, String newHashKey) {
        return new NodeRecord(
                slot, nodeId, newAddress, newUdpAddress, newHashKey, live, liveness, members, bootId, downIndex);
    }

    NodeRecord up() {
        return live
                ? this
                : new NodeRecord(
                        slot, nodeId, address, udpAddress, hashKey, true, liveness + 1, members, bootId, downIndex);
    }

    NodeRecord down(long atIndex) {
        return new NodeRecord(slot, nodeId, address, udpAddress, hashKey, false, liveness, members, bootId, atIndex);
    }
}
