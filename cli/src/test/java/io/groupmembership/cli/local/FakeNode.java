package io.groupmembership.cli.local;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process that keeps a node's contract with those who start it, and nothing else: it is ready, it ends when asked,
 * and where its directory has a file {@code damaged} it ends as a node with a damaged log does,
 * and where its secrets are too short, as one that refuses its configuration.
 */
final class FakeNode {
    private FakeNode() {}

    public static void main(String[] arguments) throws IOException {
        Path data = Path.of(System.getProperty("gm.data-dir"));
        if (Files.exists(data.resolve("damaged"))) {
            System.err.println("gm-node: the log is damaged: restore it from a backup");
            System.exit(4);
        }
        if (Files.size(Path.of(System.getProperty("gm.secrets-file"))) < 40) {
            System.err.println("gm-node: the secrets are damaged");
            System.exit(3);
        }
        String nodeId = System.getProperty("gm.node-id");
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), httpPort(nodeId)), 0);
        server.createContext("/q/health/ready", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        System.out.println("gm-node: " + nodeId + " serves");
    }

    private static int httpPort(String nodeId) throws IOException {
        String cluster = Files.readString(Path.of(System.getProperty("gm.cluster-file")));
        Matcher port = Pattern.compile("\"" + nodeId + "\".*?\"httpPort\"\\D*(\\d+)", Pattern.DOTALL)
                .matcher(cluster);
        if (!port.find()) {
            throw new IOException("no port for " + nodeId);
        }
        return Integer.parseInt(port.group(1));
    }

    /** A runnable jar of this class, as the build would leave one of the node. */
    static Path jar(Path directory) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, FakeNode.class.getName());
        Path jar = directory.resolve("fake-node.jar");
        String entry = FakeNode.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                var bytes = FakeNode.class.getClassLoader().getResourceAsStream(entry)) {
            out.putNextEntry(new JarEntry(entry));
            if (bytes == null) {
                throw new IOException("no class " + entry);
            }
            bytes.transferTo(out);
            out.closeEntry();
        }
        return jar;
    }
}
