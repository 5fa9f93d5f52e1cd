package io.groupmembership.e2e.chaos;

import io.groupmembership.e2e.chaos.Caller.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Reads, writes, compares and sets, and deletes a few keys, which are others every few seconds. */
final class KeyClient implements Client {
    private static final int KEYS = 3;
    private static final Duration EPOCH = Duration.ofSeconds(5);
    private static final List<String> OCTETS = List.of("Content-Type", "application/octet-stream");

    private final int client;
    private final String scope;
    private final History history;
    private final Caller caller;
    private final SplittableRandom random;
    private final String readOptions;
    private final long beginNanos = System.nanoTime();
    private final Map<String, Long> versions = new HashMap<>();
    private long values;

    /**
     * @param scope what its keys begin with
     * @param readOptions the query of each read, empty for a read as it should be
     */
    KeyClient(int client, String scope, History history, Caller caller, SplittableRandom random, String readOptions) {
        this.client = client;
        this.scope = scope;
        this.history = history;
        this.caller = caller;
        this.random = random;
        this.readOptions = readOptions;
    }

    @Override
    public void next() throws IOException, InterruptedException {
        long epoch = (System.nanoTime() - beginNanos) / EPOCH.toNanos();
        String key = scope + "/" + epoch + "/" + random.nextInt(KEYS);
        int die = random.nextInt(100);
        if (die < 45) {
            get(key);
        } else if (die < 65) {
            put(key);
        } else if (die < 85) {
            swap(key);
        } else if (die < 92) {
            create(key);
        } else {
            delete(key);
        }
    }

    private static String path(String key) {
        return "/v1/namespaces/default/kv/" + key;
    }

    private void get(String key) throws IOException, InterruptedException {
        Operation operation = Operation.begin(client, key, "get");
        if (caller.read(path(key) + readOptions) instanceof Outcome.Answered answer) {
            expect(answer, 200, 404);
            boolean there = answer.status() == 200;
            learn(key, answer.version());
            history.add(operation.done(there ? answer.text() : "", answer.version()));
        }
    }

    private void put(String key) throws IOException, InterruptedException {
        write(key, Operation.begin(client, key, "put"), List.of());
    }

    private void create(String key) throws IOException, InterruptedException {
        write(key, Operation.begin(client, key, "create"), List.of("If-None-Match", "*"));
    }

    private void swap(String key) throws IOException, InterruptedException {
        Long version = versions.get(key);
        if (version == null) {
            get(key);
        } else {
            Operation operation = Operation.begin(client, key, "swap").expecting(version);
            write(key, operation, List.of("If-Match", "\"" + version + "\""));
        }
    }

    private void write(String key, Operation begun, List<String> condition) throws IOException, InterruptedException {
        Operation operation = begun.ofValue(Caller.name(client, ++values));
        List<String> headers = new ArrayList<>(OCTETS);
        headers.addAll(condition);
        byte[] body = operation.value().getBytes(StandardCharsets.UTF_8);
        switch (caller.write("PUT", path(key), body, headers)) {
            case Outcome.Answered answer -> {
                expect(answer, 200, 201, 412);
                boolean written = answer.status() != 412;
                if (written) {
                    learn(key, answer.version());
                }
                history.add(
                        written
                                ? operation.done(operation.value(), answer.version())
                                : operation.refused(answer.version()));
            }
            case Outcome.Unknown _ -> history.add(operation);
            case Outcome.NotDone _ -> {}
        }
    }

    private void delete(String key) throws IOException, InterruptedException {
        Operation operation = Operation.begin(client, key, "delete");
        switch (caller.write("DELETE", path(key), new byte[0], List.of())) {
            case Outcome.Answered answer -> {
                expect(answer, 204, 404);
                history.add(answer.status() == 204 ? operation.done("", 0) : operation.refused(0));
            }
            case Outcome.Unknown _ -> history.add(operation);
            case Outcome.NotDone _ -> {}
        }
    }

    private void learn(String key, long version) {
        if (version > 0) {
            versions.put(key, version);
        }
    }

    static void expect(Outcome.Answered answer, Integer... statuses) {
        if (!List.of(statuses).contains(answer.status())) {
            throw new IllegalStateException("answered " + answer.status() + ": " + answer.text());
        }
    }
}
