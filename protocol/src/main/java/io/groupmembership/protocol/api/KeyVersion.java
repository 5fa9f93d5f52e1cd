package io.groupmembership.protocol.api;

/** The version that a write gave to a key; its entity tag is the version in quotes. */
public record KeyVersion(String namespace, String key, long version) {}
