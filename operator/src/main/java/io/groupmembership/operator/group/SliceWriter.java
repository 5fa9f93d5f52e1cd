package io.groupmembership.operator.group;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.groupmembership.operator.group.slice.ServiceView;
import io.groupmembership.operator.group.slice.SliceObjects;
import io.groupmembership.operator.group.slice.SliceView;

/**
 * Writes EndpointSlices. Each write holds for the version that its plan was made from, so that a plan that comes late
 * changes nothing: it fails, and the next one is made from what there is.
 */
final class SliceWriter {
    private static final int NOT_FOUND = 404;

    private final KubernetesClient kubernetes;

    SliceWriter(KubernetesClient kubernetes) {
        this.kubernetes = kubernetes;
    }

    EndpointSlice create(SliceView slice, ServiceView service) {
        return kubernetes.resource(SliceObjects.write(slice, service)).create();
    }

    EndpointSlice update(SliceView slice, ServiceView service) {
        return kubernetes.resource(SliceObjects.write(slice, service)).update();
    }

    void delete(SliceView slice) {
        try {
            kubernetes
                    .discovery()
                    .v1()
                    .endpointSlices()
                    .inNamespace(slice.namespace())
                    .withName(slice.name())
                    .lockResourceVersion(slice.resourceVersion())
                    .delete();
        } catch (KubernetesClientException e) {
            if (e.getCode() != NOT_FOUND) {
                throw e;
            }
        }
    }
}
