package io.groupmembership.membership;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Why a monitor holds a member for gone. Cut to what a log entry holds, because it is kept for many removals and some
 * of its texts come from elsewhere.
 *
 * @param lastAckMillisAgo how long the member had been silent, -1 where it never answered
 * @param probes what was tried, the first {@value #MAX_PROBES}
 * @param monitorHealth figures on how well the monitor itself was running, the first {@value #MAX_FIGURES} by name
 */
public record Evidence(long lastAckMillisAgo, List<Probe> probes, Map<String, Long> monitorHealth) {
    public static final int MAX_PROBES = 32;
    public static final int MAX_FIGURES = 16;

    /** Characters of each text. */
    public static final int MAX_TEXT = 64;

    public static final Evidence NONE = new Evidence(-1, List.of(), Map.of());

    public Evidence {
        probes = List.copyOf(probes.size() > MAX_PROBES ? probes.subList(0, MAX_PROBES) : probes);
        monitorHealth = figures(monitorHealth);
    }

    private static Map<String, Long> figures(Map<String, Long> given) {
        if (given.isEmpty()) {
            return Map.of();
        }
        TreeMap<String, Long> figures = new TreeMap<>();
        new TreeMap<>(given).forEach((name, figure) -> {
            if (figures.size() < MAX_FIGURES) {
                figures.put(cut(name), figure);
            }
        });
        return Collections.unmodifiableMap(figures);
    }

    private static String cut(String text) {
        if (text.length() <= MAX_TEXT) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT;
        return text.substring(0, end);
    }

    /** One attempt: by which node, by which path, and what came of it. */
    public record Probe(String by, String path, String result) {
        public Probe {
            by = cut(by);
            path = cut(path);
            result = cut(result);
        }
    }

    /** How much of it there is, in probes and figures. */
    int items() {
        return probes.size() + monitorHealth.size();
    }
}
