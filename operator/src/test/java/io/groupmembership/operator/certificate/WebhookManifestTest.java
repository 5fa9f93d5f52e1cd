package io.groupmembership.operator.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.groupmembership.operator.injection.MemberPod;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The manifests and the code name the same things. */
class WebhookManifestTest {
    private static final Path BASE = Path.of("../deploy/kustomize/base");
    private static final String NAMESPACE = "groupmembership-system";

    private final List<JsonNode> objects = new ArrayList<>();

    WebhookManifestTest() throws IOException {
        for (String file : List.of("webhook.yaml", "rbac-webhook.yaml")) {
            ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
            try (MappingIterator<JsonNode> documents =
                    yaml.readerFor(JsonNode.class).readValues(BASE.resolve(file).toFile())) {
                documents.forEachRemaining(objects::add);
            }
        }
    }

    @Test
    void theCertificateIsForTheServiceThatTheConfigurationNames() {
        JsonNode service = webhook().at("/clientConfig/service");

        assertThat(service.path("name").asText() + "."
                        + service.path("namespace").asText() + ".svc")
                .isEqualTo(CertificateTerms.webhook(NAMESPACE).dnsNames().getFirst());
        assertThat(object("Service", service.path("name").asText())
                        .at("/metadata/namespace")
                        .asText())
                .isEqualTo(NAMESPACE);
        assertThat(service.path("path").asText()).isEqualTo("/mutate");
    }

    @Test
    void thePodsMountTheCertificateAndNotTheKeyOfTheCa() {
        JsonNode volumes = object("Deployment", "groupmembership-webhook").at("/spec/template/spec/volumes");

        assertThat(volumes).hasSize(1);
        assertThat(volumes.at("/0/secret/secretName").asText()).isEqualTo(CertificateSecrets.WEBHOOK.servingName());
    }

    @Test
    void onlyNewPodsWithTheLabelAreAskedAbout() {
        JsonNode webhook = webhook();

        assertThat(webhook.at("/objectSelector/matchExpressions/0/key").asText())
                .isEqualTo(MemberPod.GROUP_LABEL);
        assertThat(webhook.at("/objectSelector/matchExpressions/0/operator").asText())
                .isEqualTo("Exists");
        assertThat(webhook.at("/namespaceSelector/matchExpressions/0/values"))
                .extracting(JsonNode::asText)
                .containsExactly("kube-system", NAMESPACE);
        assertThat(webhook.at("/rules/0/operations").toString()).isEqualTo("[\"CREATE\"]");
        assertThat(webhook.at("/rules/0/resources").toString()).isEqualTo("[\"pods\"]");
        assertThat(webhook.path("failurePolicy").asText()).isEqualTo("Fail");
        assertThat(webhook.at("/clientConfig/caBundle").isMissingNode()).isTrue();
    }

    @Test
    void theControllerMayWriteTheTwoSecretsAndTheConfigurationOnly() {
        JsonNode named = object("Role", "groupmembership-webhook-certificate").at("/rules/1");

        assertThat(named.path("resourceNames"))
                .extracting(JsonNode::asText)
                .containsExactly(CertificateSecrets.WEBHOOK.authorityName(), CertificateSecrets.WEBHOOK.servingName());
        assertThat(object("ClusterRole", "groupmembership-webhook-certificate")
                        .at("/rules/0/resourceNames/0")
                        .asText())
                .isEqualTo(KubernetesCertificateObjects.CONFIGURATION_NAME)
                .isEqualTo(object("MutatingWebhookConfiguration", "groupmembership")
                        .at("/metadata/name")
                        .asText());
    }

    private JsonNode webhook() {
        return object("MutatingWebhookConfiguration", KubernetesCertificateObjects.CONFIGURATION_NAME)
                .at("/webhooks/0");
    }

    private JsonNode object(String kind, String name) {
        return objects.stream()
                .filter(object -> object.path("kind").asText().equals(kind)
                        && object.at("/metadata/name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
