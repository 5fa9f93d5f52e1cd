package io.groupmembership.operator.evidence;

import java.util.Map;
import java.util.TreeMap;

/**
 * That an incarnation was seen in the view while these containers ran. Only so can the end of the containers be the end
 * of that incarnation, and not of one before it: pods keep their name and UID when their containers are restarted.
 *
 * @param containerIds of every member container, by its name
 * @param sinceNanos when this was seen first
 * @param settled whether it was seen again long enough after: what a kubelet last reported may be old
 */
record Witness(long incarnation, Map<String, String> containerIds, long sinceNanos, boolean settled) {
    Witness {
        containerIds = Map.copyOf(new TreeMap<>(containerIds));
    }
}
