package io.groupmembership.operator.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.groupmembership.crds.GroupMembershipCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One directory of {@code src/test/resources/injection}: what comes in (pod.yaml, namespace.yaml, clusters.yaml; the
 * last two are those beside the directories where it has none) and what comes out.
 */
record InjectionCase(String name, Path directory) {
    static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .disable(YAMLGenerator.Feature.SPLIT_LINES));
    private static final Path ROOT = Path.of("src/test/resources/injection");

    static List<InjectionCase> all() throws IOException {
        try (Stream<Path> paths = Files.list(ROOT)) {
            return paths.filter(Files::isDirectory)
                    .sorted()
                    .map(path -> new InjectionCase(path.getFileName().toString(), path))
                    .toList();
        }
    }

    static InjectionCase named(String name) {
        return new InjectionCase(name, ROOT.resolve(name));
    }

    JsonNode podJson() throws IOException {
        return YAML.readTree(directory.resolve("pod.yaml").toFile());
    }

    Pod pod() throws IOException {
        return YAML.treeToValue(podJson(), Pod.class);
    }

    PodNamespace namespace() throws IOException {
        return PodNamespace.of(YAML.readValue(file("namespace.yaml").toFile(), Namespace.class));
    }

    List<GroupMembershipCluster> clusters() throws IOException {
        List<GroupMembershipCluster> clusters = new ArrayList<>();
        try (MappingIterator<GroupMembershipCluster> documents = YAML.readerFor(GroupMembershipCluster.class)
                .readValues(file("clusters.yaml").toFile())) {
            documents.forEachRemaining(clusters::add);
        }
        return clusters;
    }

    Path expected(String file) {
        return directory.resolve(file);
    }

    private Path file(String file) {
        Path own = directory.resolve(file);
        return Files.exists(own) ? own : ROOT.resolve(file);
    }

    @Override
    public String toString() {
        return name;
    }
}
