package io.groupmembership.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The charts are what the manifests are, and an API server that has the manifests takes them as no change. */
class HelmIT {
    private static final String SYSTEM = "groupmembership-system";
    private static final String OPERATOR = "Deployment/groupmembership-operator";
    private static final String WEBHOOK = "Deployment/groupmembership-webhook";
    private static final String CONFIGURATION = "MutatingWebhookConfiguration/groupmembership";
    private static final String CA_BUNDLE = "jsonpath={.webhooks[0].clientConfig.caBundle}";
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Kubernetes kubernetes = Kubernetes.get();
    private final Helm helm = new Helm();

    @ParameterizedTest
    @ValueSource(strings = {"groupmembership", "groupmembership-crds"})
    void aChartIsSound(String chart) {
        assertThat(helm.run("lint", "--strict", Helm.chart(chart))).contains("1 chart(s) linted, 0 chart(s) failed");
    }

    @Test
    void theChartsAreTheManifests() {
        Map<String, JsonNode> manifests = objects(kubernetes.kustomize("deploy/kustomize/base"));
        Map<String, JsonNode> charts = objects(system());
        charts.putAll(crds());

        assertThat(manifests.remove("Namespace/" + SYSTEM)).isNotNull();
        assertThat(charts).hasSizeGreaterThan(10).isEqualTo(manifests);
    }

    @Test
    void theNetworkPoliciesAreThoseOfTheComponent() {
        Map<String, JsonNode> charts = objects(system("--set", "networkPolicies.enabled=true"));

        assertThat(charts.keySet().removeAll(objects(system()).keySet())).isTrue();
        assertThat(charts)
                .isNotEmpty()
                .isEqualTo(objects(kubernetes.kustomize("deploy/kustomize/components/network-policies")));
    }

    /** What is linked to is in the package. */
    @Test
    void aPackageIsTheChart(@TempDir Path directory) {
        helm.run("package", Helm.chart("groupmembership"), "--destination", directory.toString());
        String chart = directory.resolve("groupmembership-0.1.0-SNAPSHOT.tgz").toString();

        String values = "networkPolicies.enabled=true";
        assertThat(objects(helm.template(chart, SYSTEM, "--set", values))).isEqualTo(objects(system("--set", values)));
    }

    @Test
    void valuesReachTheDeploymentsAndNothingElse() {
        Map<String, JsonNode> before = objects(system());
        Map<String, JsonNode> after = objects(system(
                "--set",
                "image.registry=mirror/ours,image.tag=1.2.3,image.pullPolicy=Always,image.pullSecrets[0].name=pull",
                "--set",
                "operator.replicas=3,operator.resources.limits.memory=1Gi,operator.nodeSelector.pool=system",
                "--set",
                "operator.tolerations[0].operator=Exists,operator.priorityClassName=system-cluster-critical"));

        JsonNode operator = Objects.requireNonNull(after.remove(OPERATOR)).path("spec");
        JsonNode pod = operator.at("/template/spec");
        JsonNode container = pod.at("/containers/0");
        assertThat(operator.path("replicas").asInt()).isEqualTo(3);
        assertThat(pod.at("/imagePullSecrets/0/name").asText()).isEqualTo("pull");
        assertThat(pod.at("/nodeSelector/pool").asText()).isEqualTo("system");
        assertThat(pod.at("/tolerations/0/operator").asText()).isEqualTo("Exists");
        assertThat(pod.path("priorityClassName").asText()).isEqualTo("system-cluster-critical");
        assertThat(container.path("image").asText()).isEqualTo("mirror/ours/groupmembership/operator:1.2.3");
        assertThat(container.path("imagePullPolicy").asText()).isEqualTo("Always");
        assertThat(container.at("/resources/limits/memory").asText()).isEqualTo("1Gi");
        assertThat(container.at("/resources/requests")).isNotEmpty();
        assertThat(container.path("env"))
                .anyMatch(variable -> variable.path("name").asText().equals("GM_NODE_IMAGE")
                        && variable.path("value").asText().equals("mirror/ours/groupmembership/node:1.2.3"));

        JsonNode webhook = Objects.requireNonNull(after.remove(WEBHOOK)).path("spec");
        assertThat(webhook.path("replicas").asInt()).isEqualTo(2);
        assertThat(webhook.at("/template/spec/nodeSelector").isMissingNode()).isTrue();
        assertThat(webhook.at("/template/spec/containers/0/image").asText())
                .isEqualTo("mirror/ours/groupmembership/operator:1.2.3");
        assertThat(webhook.at("/template/spec/containers/0/env"))
                .anyMatch(variable -> variable.path("name").asText().equals("GM_SIDECAR_IMAGE")
                        && variable.path("value").asText().equals("mirror/ours/groupmembership/sidecar:1.2.3"));

        before.keySet().removeAll(List.of(OPERATOR, WEBHOOK));
        assertThat(after).isNotEmpty().isEqualTo(before);
    }

    @Test
    void anotherNamespaceIsAnotherNamespaceEverywhere() {
        assertThat(objects(helm.template(Helm.chart("groupmembership"), "elsewhere")))
                .isEqualTo(objects(system().replace(SYSTEM, "elsewhere")));
    }

    @Test
    void aValueThatThereIsNotIsRefused() {
        assertThatThrownBy(() -> system("--set", "operator.replica=3")).hasMessageContaining("replica");
    }

    @Test
    void anApiServerThatHasTheManifestsTakesTheChartsWithoutAConflict() {
        String charts = system("--set", "networkPolicies.enabled=true")
                + helm.template(Helm.chart("groupmembership-crds"), SYSTEM);

        assertThat(applyAsHelm(charts, "name"))
                .contains("deployment.apps/groupmembership-webhook", "groupmembership-api-server");
    }

    /** The bundle is the operator's: what Helm applies has none, and leaves the one that is there. */
    @Test
    void helmNeitherSetsNorResetsTheBundleOfTheWebhook() throws IOException {
        JsonNode configuration = objects(system()).get(CONFIGURATION);
        assertThat(configuration).isNotNull();
        assertThat(configuration.findValue("caBundle")).isNull();
        String bundle = Awaitility.await("the operator has written the bundle")
                .atMost(Duration.ofMinutes(1))
                .until(() -> kubernetes.kubectl("get", CONFIGURATION, "-o", CA_BUNDLE), there -> !there.isEmpty());

        assertThat(applyAsHelm(YAML.writeValueAsString(configuration), CA_BUNDLE))
                .isEqualTo(bundle);
    }

    /** As Helm 4 does, but for the release that it would record; nothing is changed. */
    private String applyAsHelm(String manifests, String output) {
        return kubernetes.feedKubectl(
                manifests,
                "apply",
                "--server-side",
                "--field-manager=helm",
                "--dry-run=server",
                "--validate=strict",
                "-o",
                output,
                "-f",
                "-");
    }

    private String system(String... more) {
        return helm.template(Helm.chart("groupmembership"), SYSTEM, more);
    }

    /** The CRDs of their chart, without the annotation by which they outlive the release. */
    private Map<String, JsonNode> crds() {
        Map<String, JsonNode> crds = objects(helm.template(Helm.chart("groupmembership-crds"), SYSTEM));
        assertThat(crds).hasSize(2).allSatisfy((name, crd) -> {
            JsonNode annotations = ((ObjectNode) crd.path("metadata")).remove("annotations");
            assertThat(annotations).isEqualTo(YAML.createObjectNode().put("helm.sh/resource-policy", "keep"));
        });
        return crds;
    }

    /** By kind and name; two of one kind and name are an error. */
    private static Map<String, JsonNode> objects(String yaml) {
        Map<String, JsonNode> objects = new TreeMap<>();
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(yaml)) {
            while (documents.hasNext()) {
                JsonNode object = documents.next();
                if (object.isObject()) {
                    String name = object.path("kind").asText() + "/"
                            + object.at("/metadata/name").asText();
                    assertThat(objects.put(name, object)).as(name).isNull();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return objects;
    }
}
