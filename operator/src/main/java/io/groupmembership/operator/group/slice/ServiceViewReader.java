package io.groupmembership.operator.group.slice;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the {@link ServiceView} of a Service. */
public final class ServiceViewReader {
    private ServiceViewReader() {}

    public static ServiceView read(Service service) {
        ObjectMeta metadata = service.getMetadata();
        ServiceSpec spec = service.getSpec() == null ? new ServiceSpec() : service.getSpec();
        return new ServiceView(
                text(metadata.getNamespace()).intern(),
                text(metadata.getName()),
                text(metadata.getResourceVersion()),
                text(metadata.getUid()),
                spec.getSelector() != null && !spec.getSelector().isEmpty(),
                "ExternalName".equals(spec.getType()),
                "None".equals(spec.getClusterIP()),
                Boolean.TRUE.equals(spec.getPublishNotReadyAddresses()),
                metadata.getDeletionTimestamp() != null,
                spec.getPorts().stream().map(ServiceViewReader::port).toList(),
                types(spec));
    }

    private static ServiceView.Port port(ServicePort port) {
        return new ServiceView.Port(
                text(port.getName()),
                port.getProtocol() == null ? "TCP" : port.getProtocol().intern(),
                Optional.ofNullable(port.getAppProtocol()),
                target(port.getTargetPort(), port.getPort() == null ? 0 : port.getPort()));
    }

    /** Without a target pods listen where the Service does. */
    private static ServiceView.Target target(@Nullable IntOrString target, int port) {
        if (target != null && target.getStrVal() != null && !target.getStrVal().isEmpty()) {
            return new ServiceView.Target.Named(target.getStrVal());
        }
        Integer number = target == null ? null : target.getIntVal();
        return new ServiceView.Target.Fixed(number == null || number == 0 ? port : number);
    }

    private static Set<AddressType> types(ServiceSpec spec) {
        EnumSet<AddressType> types = EnumSet.noneOf(AddressType.class);
        for (AddressType type : AddressType.values()) {
            if (spec.getIpFamilies().contains(type.word())) {
                types.add(type);
            }
        }
        // the API server always says; else both are right, as a pod's own addresses decide
        return types.isEmpty() ? EnumSet.allOf(AddressType.class) : types;
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
