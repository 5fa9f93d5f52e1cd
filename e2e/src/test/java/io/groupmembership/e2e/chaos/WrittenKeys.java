package io.groupmembership.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.groupmembership.e2e.client.NodeApi;
import io.groupmembership.e2e.client.NodeApi.Answer;
import io.groupmembership.e2e.client.Nodes;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Some keys whose writes were acknowledged, with the versions that they got. */
record WrittenKeys(Map<String, String> versions) {
    static String path(String key) {
        return "/v1/namespaces/default/kv/" + key;
    }

    /** @param scope what the keys begin with; nobody else writes there */
    static WrittenKeys put(NodeApi node, String scope, int count) throws IOException, InterruptedException {
        Map<String, String> versions = new LinkedHashMap<>();
        for (int i = 1; i <= count; i++) {
            String key = scope + "/" + i;
            Answer answer = node.putText(path(key), "value of " + key);
            assertThat(answer.status()).as("%s", answer).isEqualTo(201);
            versions.put(key, answer.header("ETag"));
        }
        return new WrittenKeys(versions);
    }

    /** Waits until the node answers, and has them all as they were written. */
    void assertAllOn(NodeApi node) throws IOException, InterruptedException {
        awaitAnswer(node, versions.keySet().iterator().next());
        for (Map.Entry<String, String> written : versions.entrySet()) {
            Answer answer = node.get(path(written.getKey()));
            assertThat(answer.status()).as("%s", answer).isEqualTo(200);
            assertThat(answer.text()).isEqualTo("value of " + written.getKey());
            assertThat(answer.header("ETag")).isEqualTo(written.getValue());
        }
    }

    private static void awaitAnswer(NodeApi node, String key) {
        await("an answer of " + node.base())
                .atMost(Nodes.LIMIT)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> node.get(path(key)).status() != 503);
    }
}
