package io.groupmembership.operator.certificate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.groupmembership.crds.ApiGroup;
import java.util.Optional;

/** In a Kubernetes cluster: two Secrets in the operator's namespace, and the webhook's configuration. */
final class KubernetesCertificateObjects implements CertificateObjects {
    static final String CONFIGURATION_NAME = "groupmembership";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final PatchContext JSON_PATCH = new PatchContext.Builder()
            .withPatchType(PatchType.JSON)
            .withFieldManager(ApiGroup.OPERATOR)
            .build();

    private final KubernetesClient client;
    private final String namespace;

    KubernetesCertificateObjects(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    @Override
    public Optional<Secret> secret(String name) {
        return Optional.ofNullable(
                client.secrets().inNamespace(namespace).withName(name).get());
    }

    @Override
    public Optional<MutatingWebhookConfiguration> configuration() {
        return Optional.ofNullable(client.admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName(CONFIGURATION_NAME)
                .get());
    }

    @Override
    public boolean create(Secret secret) {
        return ConditionalWrite.done(
                () -> client.secrets().inNamespace(namespace).resource(secret).create());
    }

    @Override
    public boolean replace(Secret secret) {
        return ConditionalWrite.done(
                () -> client.secrets().inNamespace(namespace).resource(secret).update());
    }

    /** A patch, and not an update: what this client does not know of the configuration stays as it is. */
    @Override
    public boolean trust(MutatingWebhookConfiguration read, String caBundle) {
        ArrayNode patch = JSON.createArrayNode();
        patch.addObject()
                .put("op", "test")
                .put("path", "/metadata/resourceVersion")
                .put("value", read.getMetadata().getResourceVersion());
        for (int i = 0; i < read.getWebhooks().size(); i++) {
            patch.addObject()
                    .put("op", "add")
                    .put("path", "/webhooks/" + i + "/clientConfig/caBundle")
                    .put("value", caBundle);
        }
        return ConditionalWrite.done(() -> client.admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName(CONFIGURATION_NAME)
                .patch(JSON_PATCH, patch.toString()));
    }
}
