package io.groupmembership.cli.kv;

import io.groupmembership.cli.ExitCode;
import io.groupmembership.cli.Invocation;
import io.groupmembership.cli.http.Answer;
import io.groupmembership.cli.http.Request;
import io.groupmembership.cli.show.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gets a value: its bytes and nothing else go to standard output. */
@Command(name = "get", description = "Print a value, byte by byte as it was put.")
public final class KvGetCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Mixin
    private final KeyOptions options = new KeyOptions();

    @Parameters(paramLabel = "KEY")
    private String key = "";

    @Option(names = "--version", description = "Print the version instead of the value.")
    private boolean versionOnly;

    @Option(names = "--stale", description = "Take what the node has at hand, perhaps old.")
    private boolean stale;

    public KvGetCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Request get = Request.get(options.path(key));
        Answer answer = options.send(invocation, stale ? get.query("consistency", "stale") : get);
        if (options.isJson()) {
            invocation.out().println(Json.pretty(described(answer)));
        } else if (versionOnly) {
            invocation.out().println(KeyOptions.version(answer));
        } else {
            invocation.out().write(answer.body(), 0, answer.body().length);
            invocation.out().flush();
        }
        return ExitCode.OK;
    }

    /** Text as text, other bytes in base64. */
    private Map<String, Object> described(Answer answer) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("namespace", options.namespace());
        fields.put("key", key);
        fields.put("version", KeyOptions.version(answer));
        try {
            fields.put(
                    "value",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(answer.body()))
                            .toString());
        } catch (CharacterCodingException e) {
            fields.put("valueBase64", Base64.getEncoder().encodeToString(answer.body()));
        }
        return fields;
    }
}
