package io.groupmembership.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * An image as {@code docker save} writes one.
 *
 * @param config what the image says of itself and how it is run
 * @param layers the digests of the unpacked layers, lowest first
 * @param files what is in all layers together; directories end with a slash
 */
record ImageTar(String name, JsonNode config, List<String> layers, List<TarArchiveEntry> files) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static ImageTar read(Path tar) throws IOException {
        Map<String, byte[]> parts = new HashMap<>();
        try (TarArchiveInputStream in = new TarArchiveInputStream(Files.newInputStream(tar))) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                parts.put(entry.getName(), in.readAllBytes());
            }
        }
        JsonNode manifest = JSON.readTree(part(parts, "manifest.json")).get(0);
        JsonNode config = JSON.readTree(part(parts, manifest.required("Config").asText()));
        List<TarArchiveEntry> files = new ArrayList<>();
        for (JsonNode layer : manifest.required("Layers")) {
            files.addAll(entries(new GZIPInputStream(new ByteArrayInputStream(part(parts, layer.asText())))));
        }
        return new ImageTar(
                manifest.required("RepoTags").get(0).asText(),
                config,
                texts(config.at("/rootfs/diff_ids")),
                List.copyOf(files));
    }

    /** The names of the files, without a leading "./" or "/". */
    List<String> names() {
        return files.stream().map(ImageTar::nameOf).toList();
    }

    static String nameOf(TarArchiveEntry file) {
        return file.getName().replaceFirst("^\\./", "");
    }

    static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static List<TarArchiveEntry> entries(InputStream layer) throws IOException {
        List<TarArchiveEntry> entries = new ArrayList<>();
        try (TarArchiveInputStream in = new TarArchiveInputStream(layer)) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                entries.add(entry);
            }
        }
        return entries;
    }

    private static byte[] part(Map<String, byte[]> parts, String name) {
        byte[] part = parts.get(name);
        if (part == null) {
            throw new IllegalStateException("the image has no " + name);
        }
        return part;
    }
}
