package io.groupmembership.node.access;

/** The pod that a token was issued to. A pod of the same name that is made later has another uid. */
public record Pod(String namespace, String name, String uid) {}
