package io.groupmembership.membership;

import java.util.List;
import java.util.Map;

/**
 * Why a monitor holds a member for gone.
 *
 * @param lastAckMillisAgo how long the member had been silent, -1 where it never answered
 * @param probes what was tried, at most {@value #MAX_PROBES}
 * @param monitorHealth figures on how well the monitor itself was running, at most {@value #MAX_FIGURES}
 */
public record Evidence(long lastAckMillisAgo, List<Probe> probes, Map<String, Long> monitorHealth) {
    public static final int MAX_PROBES = 32;
    public static final int MAX_FIGURES = 16;
    public static final Evidence NONE = new Evidence(-1, List.of(), Map.of());

    /** One attempt: by which node, by which path, and what came of it. */
    public record Probe(String by, String path, String result) {}
}
