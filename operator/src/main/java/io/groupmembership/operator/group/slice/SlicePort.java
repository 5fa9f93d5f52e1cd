package io.groupmembership.operator.group.slice;

import java.util.Optional;

/**
 * A port of a Service where its pods listen.
 *
 * @param name empty for the only port of a Service
 * @param port empty in a slice that somebody else has changed
 */
public record SlicePort(String name, String protocol, Optional<Integer> port, Optional<String> appProtocol) {}
