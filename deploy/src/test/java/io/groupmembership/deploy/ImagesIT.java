package io.groupmembership.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.groupmembership.deploy.DockerEngine.Ended;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is promised of every image. */
class ImagesIT {
    private static final Path IMAGES = Path.of("target", "images");
    private static final String CACHE = "app/application.aot";
    private static final int WRITABLE_BY_OTHERS = 0002;
    private static final int EXECUTABLE = 0111;
    private static final int SET_ID = 06000;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static Path tar(String image) {
        return IMAGES.resolve(image + ".tar");
    }

    private static ImageTar read(String image) throws IOException {
        return ImageTar.read(tar(image));
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "operator", "sidecar"})
    void anImageSaysWhatItIs(String image) throws IOException {
        ImageTar read = read(image);

        JsonNode labels = read.config().at("/config/Labels");
        String label = "org.opencontainers.image.";
        assertThat(labels.path(label + "title").asText()).isEqualTo("groupmembership/" + image);
        for (String name : List.of("description", "version", "created", "vendor")) {
            assertThat(labels.path(label + name).asText()).as(name).isNotEmpty();
        }
        assertThat(read.name())
                .endsWith("groupmembership/" + image + ":"
                        + labels.path(label + "version").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "operator", "sidecar"})
    void anImageRunsAsNobodyWhoOwnsIt(String image) throws IOException {
        ImageTar read = read(image);

        assertThat(read.config().at("/config/User").asText()).isEqualTo("65532:65532");
        assertThat(read.files())
                .filteredOn(file -> file.getLongUserId() != 0)
                .extracting(ImageTar::nameOf)
                .allMatch(name -> name.equals("data/") || name.isEmpty());
        assertThat(read.files())
                .filteredOn(file -> !file.isSymbolicLink() && (file.getMode() & (WRITABLE_BY_OTHERS | SET_ID)) != 0)
                .extracting(ImageTar::nameOf)
                .containsExactly("tmp/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "operator", "sidecar"})
    void anImageHasNoShellAndNoProgramButJava(String image) throws IOException {
        ImageTar read = read(image);

        assertThat(read.files())
                .filteredOn(file -> file.isFile() && !file.isSymbolicLink() && (file.getMode() & EXECUTABLE) != 0)
                .extracting(ImageTar::nameOf)
                .filteredOn(name -> !name.matches(".*\\.so(\\.[0-9.]+)?"))
                .containsExactly("opt/java/bin/java");
        assertThat(read.names()).noneMatch(name -> name.matches("(usr/)?s?bin/.+|.*busybox.*"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "operator", "sidecar"})
    void theTimesOfFilesAreNotThoseOfTheBuild(String image) throws IOException {
        assertThat(read(image).files())
                .extracting(TarArchiveEntry::getLastModifiedTime)
                .allSatisfy(time -> assertThat(time.toMillis()).isBetween(0L, 1_000L));
    }

    @Test
    void nodeAndOperatorShareTheirLowerLayersAndAllShareDebian() throws IOException {
        List<String> node = read("node").layers();
        List<String> operator = read("operator").layers();
        List<String> sidecar = read("sidecar").layers();

        assertThat(operator).startsWith(node.get(0), node.get(1));
        assertThat(sidecar).startsWith(node.getFirst());
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "operator", "sidecar"})
    void theCacheIsUsedInAContainer(String image) throws IOException, InterruptedException {
        ImageTar read = read(image);
        assumeTrue(read.names().contains(CACHE), "built without a cache");
        assumeTrue(DockerEngine.isThere(), "no Docker engine");
        String loaded = DockerEngine.load(tar(image));
        List<String> entrypoint = ImageTar.texts(read.config().at("/config/Entrypoint"));
        String jar = entrypoint.getLast();

        // on: a JVM that can't use its cache ends at once
        Ended used = version(loaded, List.of("-XX:AOTMode=on"), jar);
        Ended unfit = version(loaded, List.of("-XX:AOTMode=on", "-XX:-UseCompactObjectHeaders"), jar);

        assertThat(used.status()).as(used.output()).isZero();
        assertThat(unfit.status()).as(unfit.output()).isNotZero();
    }

    private static Ended version(String image, List<String> options, String jar)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("@/app/jvm.args"));
        arguments.addAll(options);
        arguments.addAll(List.of("-cp", jar, "-version"));
        return DockerEngine.run(image, LIMIT, List.of("--entrypoint", "java"), arguments);
    }

    @Test
    void aSidecarWritesNowhere() throws IOException, InterruptedException {
        assumeTrue(DockerEngine.isThere(), "no Docker engine");
        String sidecar = DockerEngine.load(tar("sidecar"));

        Ended helped = DockerEngine.run(sidecar, LIMIT, List.of(), List.of("--help"));

        assertThat(helped.status()).as(helped.output()).isZero();
        assertThat(helped.output()).startsWith("Usage:");
    }

    @Test
    void aNodeNeedsItsVolumeAndNothingElse() throws IOException, InterruptedException {
        assumeTrue(DockerEngine.isThere(), "no Docker engine");
        String node = DockerEngine.load(tar("node"));
        List<String> volume = List.of("--tmpfs", "/data:uid=65532,gid=65532,mode=0700");
        List<String> settings =
                List.of("--env", "GM_NODE_ID=n-0", "--env", "GM_HOST=127.0.0.1", "--env", "GM_BIND=127.0.0.1");

        Ended without = DockerEngine.run(node, LIMIT, settings, List.of());
        List<String> both = new ArrayList<>(settings);
        both.addAll(volume);
        Ended with = DockerEngine.run(node, Duration.ofSeconds(8), both, List.of());

        assertThat(without.status()).as(without.output()).isEqualTo(3);
        assertThat(with.output()).contains("waits to be formed");
    }
}
