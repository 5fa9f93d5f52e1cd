package io.groupmembership.operator.group.slice;

import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.groupmembership.crds.ApiGroup;
import io.groupmembership.operator.injection.MemberPod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Slices as Kubernetes has them, written and read: what is read of what was written is the same. */
public final class SliceObjects {
    public static final String SERVICE_LABEL = "kubernetes.io/service-name";
    public static final String MANAGED_BY_LABEL = "endpointslice.kubernetes.io/managed-by";
    private static final String HEADLESS_LABEL = "service.kubernetes.io/headless";

    private SliceObjects() {}

    public static EndpointSlice write(SliceView slice, ServiceView service) {
        Map<String, String> labels = new HashMap<>();
        labels.put(SERVICE_LABEL, service.name());
        labels.put(MANAGED_BY_LABEL, ApiGroup.OPERATOR);
        if (service.headless()) {
            labels.put(HEADLESS_LABEL, "");
        }
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace(slice.namespace())
                .withName(slice.name())
                .withResourceVersion(slice.resourceVersion().isEmpty() ? null : slice.resourceVersion())
                .withLabels(labels)
                .addToAnnotations(MemberPod.CLUSTER_ANNOTATION, slice.cluster())
                .withOwnerReferences(owner(service))
                .endMetadata()
                .withAddressType(slice.set().type().word())
                .withPorts(slice.set().ports().stream().map(SliceObjects::port).toList())
                .withEndpoints(slice.endpoints().stream()
                        .map(endpoint -> endpoint(endpoint, slice.namespace()))
                        .toList())
                .build();
    }

    /** Without blockOwnerDeletion, which would take the right to write Services. */
    private static OwnerReference owner(ServiceView service) {
        return new OwnerReferenceBuilder()
                .withApiVersion("v1")
                .withKind("Service")
                .withName(service.name())
                .withUid(service.uid())
                .withController(true)
                .build();
    }

    private static EndpointPort port(SlicePort port) {
        return new EndpointPortBuilder()
                .withName(port.name())
                .withProtocol(port.protocol())
                .withPort(port.port().orElse(null))
                .withAppProtocol(port.appProtocol().orElse(null))
                .build();
    }

    private static Endpoint endpoint(SliceEndpoint endpoint, String namespace) {
        ObjectReference pod = new ObjectReferenceBuilder()
                .withKind("Pod")
                .withNamespace(namespace)
                .withName(endpoint.podName())
                .withUid(endpoint.podUid().map(UUID::toString).orElse(null))
                .build();
        return new EndpointBuilder()
                .withAddresses(endpoint.address())
                .withNewConditions()
                .withReady(endpoint.ready())
                .withServing(endpoint.serving())
                .withTerminating(endpoint.terminating())
                .endConditions()
                .withTargetRef(pod)
                .withNodeName(orNull(endpoint.nodeName()))
                .withZone(orNull(endpoint.zone()))
                .withHostname(orNull(endpoint.hostname()))
                .build();
    }

    public static SliceView read(EndpointSlice slice) {
        Map<String, String> labels = orEmpty(slice.getMetadata().getLabels());
        Map<String, String> annotations = orEmpty(slice.getMetadata().getAnnotations());
        AddressType type = AddressType.IPV6.word().equals(slice.getAddressType()) ? AddressType.IPV6 : AddressType.IPV4;
        return new SliceView(
                text(slice.getMetadata().getNamespace()).intern(),
                text(slice.getMetadata().getName()),
                text(slice.getMetadata().getResourceVersion()),
                text(labels.get(SERVICE_LABEL)),
                slice.getMetadata().getOwnerReferences().stream()
                        .filter(owner -> "Service".equals(owner.getKind()))
                        .map(OwnerReference::getUid)
                        .findFirst()
                        .orElse(""),
                text(annotations.get(MemberPod.CLUSTER_ANNOTATION)),
                new SliceSet(
                        type,
                        slice.getPorts().stream().map(SliceObjects::readPort).toList()),
                slice.getEndpoints().stream().map(SliceObjects::readEndpoint).toList());
    }

    private static SlicePort readPort(EndpointPort port) {
        return new SlicePort(
                text(port.getName()),
                port.getProtocol() == null ? "TCP" : port.getProtocol(),
                Optional.ofNullable(port.getPort()),
                Optional.ofNullable(port.getAppProtocol()));
    }

    /** An endpoint that is not written as ours are comes out as one that nobody wants. */
    private static SliceEndpoint readEndpoint(Endpoint endpoint) {
        List<String> addresses = endpoint.getAddresses();
        ObjectReference pod = endpoint.getTargetRef();
        EndpointConditions conditions =
                endpoint.getConditions() == null ? new EndpointConditions() : endpoint.getConditions();
        return new SliceEndpoint(
                pod == null ? Optional.empty() : uid(text(pod.getUid())),
                pod == null ? "" : text(pod.getName()),
                addresses.size() == 1 ? addresses.getFirst() : "",
                Boolean.TRUE.equals(conditions.getReady()),
                Boolean.TRUE.equals(conditions.getServing()),
                Boolean.TRUE.equals(conditions.getTerminating()),
                text(endpoint.getNodeName()).intern(),
                text(endpoint.getZone()).intern(),
                text(endpoint.getHostname()));
    }

    private static Optional<UUID> uid(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
        return map == null ? Map.of() : map;
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
