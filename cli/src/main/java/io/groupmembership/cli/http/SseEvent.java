package io.groupmembership.cli.http;

/**
 * One server-sent event.
 *
 * @param id the last id that the stream has given, empty before the first
 * @param type message if the stream named none
 */
public record SseEvent(String id, String type, String data) {}
