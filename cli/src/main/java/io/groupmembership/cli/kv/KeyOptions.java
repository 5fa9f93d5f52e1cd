package io.groupmembership.cli.kv;

import io.groupmembership.cli.CliFailure;
import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.http.Answer;
import io.groupmembership.cli.http.ApiPath;
import io.groupmembership.cli.http.NamespaceOption;
import io.groupmembership.cli.http.Refusal;
import io.groupmembership.cli.http.Request;
import io.groupmembership.cli.http.ServerOptions;
import io.groupmembership.cli.show.Json;
import io.groupmembership.cli.show.OutputOption;
import io.groupmembership.protocol.Limits;
import io.groupmembership.protocol.api.KeyVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Mixin;

/** What the commands of the key-value store have in common: whom to ask, where the key is, how a version is shown. */
public final class KeyOptions {
    static final String STDIN = "-";

    @Mixin
    private final ServerOptions servers = new ServerOptions();

    @Mixin
    private final NamespaceOption namespace = new NamespaceOption();

    @Mixin
    private final OutputOption output = new OutputOption();

    boolean isJson() {
        return output.isJson();
    }

    String namespace() {
        return namespace.namespace();
    }

    String path(String key) {
        return ApiPath.key(namespace.namespace(), key);
    }

    Answer send(Invocation invocation, Request request) {
        return Refusal.orAnswer(servers.client(invocation).send(request));
    }

    /** A write of raw bytes. */
    Request put(String key, byte[] value) {
        return Request.write("PUT", path(key), value).header("Content-Type", "application/octet-stream");
    }

    /** The argument as UTF-8, or what standard input has, where the argument is a dash. */
    static byte[] value(Invocation invocation, String argument) throws IOException {
        byte[] value = argument.equals(STDIN)
                ? invocation.in().readNBytes(Limits.VALUE_BYTES + 1)
                : argument.getBytes(StandardCharsets.UTF_8);
        if (value.length > Limits.VALUE_BYTES) {
            throw new CliFailure(ExitCode.USAGE, "the value must have at most " + Limits.VALUE_BYTES + " bytes");
        }
        return value;
    }

    /** Says which version a write made. */
    void showWritten(Invocation invocation, String key, Answer answer) {
        KeyVersion written = answer.body().length == 0
                ? new KeyVersion(namespace(), key, version(answer))
                : Json.read(answer.body(), KeyVersion.class);
        invocation.out().println(isJson() ? Json.pretty(written) : key + ": version " + written.version());
    }

    /** The version in the answer's entity tag: a number in quotes. */
    static long version(Answer answer) {
        String tag = answer.header("ETag").orElse("");
        String number = tag.replace("W/", "").replace("\"", "");
        if (!number.matches("\\d{1,18}")) {
            throw new CliFailure(ExitCode.ERROR, "the answer has no version: is this a node of ours?");
        }
        return Long.parseLong(number);
    }

    static String tag(long version) {
        return "\"" + version + "\"";
    }
}
