package io.groupmembership.node.access.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Answers TokenReview, SubjectAccessReview and GET of a pod as an API server does, over HTTPS. A token is
 * {@code x.NAME.x}; user ci may everything in namespace shop.
 */
public final class FakeApiServer implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PASSWORD = "password";

    /** Namespace, pod and uid by the name in the token. */
    private static final Map<String, String> PODS = Map.of(
            "pod1", "shop/pod-1/uid-1",
            "pod2", "shop/pod-2/uid-2",
            "reborn", "shop/pod-1/uid-1b",
            "foreign", "bank/pod-1/uid-3");

    private final HttpsServer server;
    private final Path credentials;
    final AtomicInteger reviews = new AtomicInteger();
    volatile String expectedToken = "node-token";
    volatile boolean broken;

    public FakeApiServer(Path directory) throws Exception {
        credentials = Files.createDirectories(directory);
        KeyStore keys = keys(directory.resolve("server.p12"));
        Files.writeString(
                directory.resolve("ca.crt"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(keys.getCertificate("server").getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        Files.writeString(directory.resolve("token"), expectedToken + "\n");
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.setHttpsConfigurator(new HttpsConfigurator(context(keys)));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    private static KeyStore keys(Path file) throws IOException, InterruptedException, GeneralSecurityException {
        Files.deleteIfExists(file);
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=test",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IOException("keytool failed");
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private static SSLContext context(KeyStore keys) throws GeneralSecurityException {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    public String url() {
        return "https://127.0.0.1:" + server.getAddress().getPort();
    }

    public Path credentials() {
        return credentials;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            if (broken) {
                send(exchange, 500, "{}");
            } else if (!("Bearer " + expectedToken)
                    .equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                send(exchange, 401, "{}");
            } else if (path.endsWith("/tokenreviews")) {
                send(exchange, 201, review(JSON.readTree(body).path("spec")));
            } else if (path.endsWith("/subjectaccessreviews")) {
                JsonNode spec = JSON.readTree(body).path("spec");
                boolean allowed = spec.path("user").asText().equals("ci")
                        && spec.path("resourceAttributes")
                                .path("namespace")
                                .asText()
                                .equals("shop");
                send(exchange, 201, "{\"status\":{\"allowed\":" + allowed + "}}");
            } else {
                pod(exchange, path);
            }
        }
    }

    private String review(JsonNode spec) {
        reviews.incrementAndGet();
        String name = spec.path("token").asText().split("\\.", -1)[1];
        String audience = spec.path("audiences").path(0).asText();
        if (name.equals("slow")) {
            pause();
        }
        if (name.equals("ci")) {
            return status("ci", "[\"" + audience + "\"]", "{}");
        }
        if (name.equals("unaware")) {
            return status("ci", "[]", "{}");
        }
        String pod = PODS.get(name);
        if (pod == null) {
            return "{\"status\":{\"authenticated\":false,\"error\":\"token has expired\"}}";
        }
        String[] parts = pod.split("/", -1);
        return status(
                "system:serviceaccount:" + parts[0] + ":default",
                "[\"" + audience + "\"]",
                "{\"authentication.kubernetes.io/pod-name\":[\"" + parts[1]
                        + "\"],\"authentication.kubernetes.io/pod-uid\":[\"" + parts[2] + "\"]}");
    }

    private static void pause() {
        try {
            Thread.sleep(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String status(String user, String audiences, String extra) {
        return "{\"status\":{\"authenticated\":true,\"audiences\":" + audiences + ",\"user\":{\"username\":\"" + user
                + "\",\"uid\":\"u\",\"groups\":[\"system:authenticated\"],\"extra\":" + extra + "}}}";
    }

    /** Of the namespaces with the label team=a there is one, shop. */
    private static void namespaces(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        boolean found = query.contains("fieldSelector=metadata.name=shop&") && query.contains("labelSelector=team=a");
        send(exchange, 200, found ? "{\"items\":[{\"metadata\":{\"name\":\"shop\"}}]}" : "{\"items\":[]}");
    }

    private static void pod(HttpExchange exchange, String path) throws IOException {
        if (path.equals("/api/v1/namespaces")) {
            namespaces(exchange);
        } else if (path.equals("/api/v1/namespaces/shop/pods/pod-1")) {
            send(
                    exchange,
                    200,
                    "{\"metadata\":{\"uid\":\"uid-1\"},\"status\":{\"podIPs\":[{\"ip\":\"10.1.2.3\"},{\"ip\":\"fd00::3\"}]}}");
        } else {
            send(exchange, 404, "{}");
        }
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
