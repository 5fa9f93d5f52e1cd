import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * What the operator is trained against: an API server that believes everything. It keeps objects, lists and watches them,
 * takes every patch for a merge, and plays one controller: a StatefulSet gets its pods at once, at 127.77.0.1 and up,
 * ready as the nodes there say. Nothing is tested with it: the tests run on a real Kubernetes.
 *
 * <p>Run from source, with the operator's libraries on the class path: {@code FakeKubernetes.java PORT KEYSTORE
 * PASSWORD}.
 */
public final class FakeKubernetes {
    private record Watcher(String collection, OutputStream out) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, ObjectNode> objects = new TreeMap<>();
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private long version = 1;

    private FakeKubernetes() {}

    public static void main(String[] arguments) throws Exception {
        char[] password = arguments[2].toCharArray();
        KeyStore keys = KeyStore.getInstance(Path.of(arguments[1]).toFile(), password);
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, password);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])), 64);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        FakeKubernetes kubernetes = new FakeKubernetes();
        server.createContext("/", kubernetes::serve);
        server.start();
        while (true) {
            Thread.sleep(500);
            kubernetes.runPods();
        }
    }

    private void serve(HttpExchange http) throws IOException {
        URI uri = http.getRequestURI();
        byte[] body = http.getRequestBody().readAllBytes();
        String query = String.valueOf(uri.getQuery());
        String path = uri.getPath();
        if (http.getRequestHeaders().containsKey("Upgrade")) {
            http.sendResponseHeaders(200, -1); // no web socket: then the client watches by a plain request
            http.close();
            return;
        }
        if (query.contains("watch=true")) {
            http.getResponseHeaders().set("Content-Type", "application/json");
            http.sendResponseHeaders(200, 0);
            http.getResponseBody().write(' '); // or the head of the answer would wait for the first event
            http.getResponseBody().flush();
            watchers.add(new Watcher(path, http.getResponseBody()));
            return;
        }
        boolean isStatus = path.endsWith("/status");
        String name = isStatus ? path.substring(0, path.length() - "/status".length()) : path;
        JsonNode sent = body.length == 0 ? JSON.createObjectNode() : new YAMLMapper().readTree(body);
        if (path.endsWith("/selfsubjectrulesreviews")) {
            ObjectNode review = JSON.createObjectNode().put("apiVersion", "authorization.k8s.io/v1").put("kind", "SelfSubjectRulesReview");
            ObjectNode rule = review.putObject("status").put("incomplete", false).putArray("resourceRules").addObject();
            for (String all : List.of("apiGroups", "resources", "verbs")) {
                rule.putArray(all).add("*");
            }
            answer(http, 201, review);
            return;
        }
        synchronized (this) {
            switch (http.getRequestMethod()) {
                case "POST" -> answer(http, 201, put(name + "/" + sent.at("/metadata/name").asText(UUID.randomUUID().toString()), sent));
                case "PUT", "PATCH" -> answer(http, 200, put(name, sent));
                case "DELETE" -> {
                    ObjectNode gone = objects.remove(name);
                    if (gone != null) {
                        tell("DELETED", name, gone);
                    }
                    answer(http, 200, JSON.createObjectNode());
                }
                default -> get(http, name);
            }
        }
    }

    private void get(HttpExchange http, String path) throws IOException {
        ObjectNode object = objects.get(path);
        if (object != null) {
            answer(http, 200, object);
        } else if (path.matches("/version|/apis?")) {
            answer(http, 200, JSON.createObjectNode().put("major", "1").put("minor", "35").put("gitVersion", "v1.35.0"));
        } else if (isCollection(path)) {
            ObjectNode list = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "List");
            list.putObject("metadata").put("resourceVersion", Long.toString(version));
            ArrayNode items = list.putArray("items");
            objects.forEach((key, value) -> {
                if (isIn(path, key)) {
                    items.add(value);
                }
            });
            answer(http, 200, list);
        } else {
            answer(http, 404, JSON.createObjectNode().put("kind", "Status").put("apiVersion", "v1").put("status", "Failure")
                    .put("reason", "NotFound").put("message", "not found").put("code", 404));
        }
    }

    /** KIND or namespaces/NAMESPACE/KIND, after /api/VERSION or /apis/GROUP/VERSION; an object has one part more. */
    private static boolean isCollection(String path) {
        return path.split("/").length % 2 == (path.startsWith("/apis/") ? 1 : 0);
    }

    /** Whether an object belongs to a collection: of its own namespace, or of all. */
    private static boolean isIn(String collection, String key) {
        String kind = collection.substring(collection.lastIndexOf('/') + 1);
        String group = collection.replaceAll("/(namespaces/[^/]+/)?[^/]+$", "");
        return key.startsWith(group + "/")
                && key.replaceAll("/[^/]+$", "").endsWith("/" + kind)
                && (!collection.contains("/namespaces/") || key.startsWith(collection + "/"));
    }

    private ObjectNode put(String key, JsonNode sent) {
        ObjectNode before = objects.get(key);
        ObjectNode after = before == null ? JSON.createObjectNode() : before.deepCopy();
        if (sent instanceof ObjectNode object) {
            merge(after, object);
        }
        ObjectNode metadata = after.withObject("/metadata");
        metadata.put("resourceVersion", Long.toString(++version)).put("generation", 1);
        if (before == null) {
            metadata.put("uid", UUID.randomUUID().toString()).put("creationTimestamp", Instant.now().toString());
            if (!metadata.has("name")) {
                metadata.put("name", key.substring(key.lastIndexOf('/') + 1));
            }
        }
        if (after.remove("stringData") instanceof ObjectNode plain) {
            plain.properties().forEach(field -> after.withObject("/data").put(
                    field.getKey(), Base64.getEncoder().encodeToString(field.getValue().asText().getBytes(StandardCharsets.UTF_8))));
        }
        if (key.contains("/statefulsets/")) {
            after.withObject("/status").put("updateRevision", "r").put("currentRevision", "r").put("observedGeneration", 1);
        }
        if (!after.equals(before)) {
            objects.put(key, after);
            tell(before == null ? "ADDED" : "MODIFIED", key, after);
        }
        return after;
    }

    private static void merge(ObjectNode into, ObjectNode from) {
        from.properties().forEach(field -> {
            if (field.getValue() instanceof ObjectNode object && into.get(field.getKey()) instanceof ObjectNode known) {
                merge(known, object);
            } else {
                into.set(field.getKey(), field.getValue());
            }
        });
    }

    private void runPods() {
        Map<String, ObjectNode> sets = new TreeMap<>();
        synchronized (this) {
            objects.forEach((key, value) -> {
                if (key.contains("/statefulsets/")) {
                    sets.put(key, value);
                }
            });
        }
        sets.forEach((key, set) -> {
            String namespace = key.replaceAll(".*/namespaces/([^/]+)/.*", "$1");
            for (int i = 0; i < set.at("/spec/replicas").asInt(); i++) {
                runPod(namespace, set, i);
            }
        });
    }

    private void runPod(String namespace, ObjectNode set, int ordinal) {
        String name = set.at("/metadata/name").asText() + "-" + ordinal;
        String address = "127.77.0." + (ordinal + 1);
        String ready = isReady(address) ? "True" : "False";
        String key = "/api/v1/namespaces/" + namespace + "/pods/" + name;
        synchronized (this) {
            ObjectNode known = objects.get(key);
            if (known != null && known.at("/status/conditions/0/status").asText().equals(ready)) {
                return;
            }
            ObjectNode pod = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "Pod");
            ObjectNode metadata = pod.putObject("metadata").put("name", name).put("namespace", namespace);
            ObjectNode labels = metadata.putObject("labels").put("controller-revision-hash", "r");
            if (set.at("/spec/template/metadata/labels") instanceof ObjectNode wanted) {
                labels.setAll(wanted);
            }
            metadata.putArray("ownerReferences").addObject().put("apiVersion", "apps/v1").put("kind", "StatefulSet")
                    .put("name", set.at("/metadata/name").asText()).put("uid", set.at("/metadata/uid").asText()).put("controller", true);
            pod.putObject("spec").putArray("containers").addObject().put("name", "node").put("image", "node");
            ObjectNode status = pod.putObject("status").put("phase", "Running").put("podIP", address);
            status.putArray("podIPs").addObject().put("ip", address);
            status.putArray("conditions").addObject().put("type", "Ready").put("status", ready);
            put(key, pod);
        }
    }

    private static boolean isReady(String address) {
        try {
            HttpURLConnection http = (HttpURLConnection) URI.create("http://" + address + ":7700/q/health/ready").toURL().openConnection();
            http.setConnectTimeout(300);
            http.setReadTimeout(1000);
            return http.getResponseCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private void tell(String type, String key, ObjectNode object) {
        for (Watcher watcher : watchers) {
            if (isIn(watcher.collection(), key)) {
                try {
                    ObjectNode event = JSON.createObjectNode().put("type", type);
                    event.set("object", object);
                    watcher.out().write((event + "\n").getBytes(StandardCharsets.UTF_8));
                    watcher.out().flush();
                } catch (IOException e) {
                    watchers.remove(watcher);
                }
            }
        }
    }

    private static void answer(HttpExchange http, int status, ObjectNode object) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(object);
        http.getResponseHeaders().set("Content-Type", "application/json");
        http.sendResponseHeaders(status, bytes.length);
        http.getResponseBody().write(bytes);
        http.close();
    }
}
