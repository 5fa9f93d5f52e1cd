package io.groupmembership.operator.group.slice;

import io.groupmembership.operator.informer.SlimInformer;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A Service, as far as its endpoints depend on it.
 *
 * @param externalName whether it is an alias of a DNS name
 * @param publishNotReady whether endpoints count as ready that are not
 * @param types the address families that it has
 */
public record ServiceView(
        String namespace,
        String name,
        String resourceVersion,
        String uid,
        boolean hasSelector,
        boolean externalName,
        boolean headless,
        boolean publishNotReady,
        boolean beingDeleted,
        List<Port> ports,
        Set<AddressType> types)
        implements SlimInformer.View {
    /**
     * A port.
     *
     * @param name empty for the only port
     * @param target where pods listen
     */
    public record Port(String name, String protocol, Optional<String> appProtocol, Target target) {}

    /** Where pods listen. */
    public sealed interface Target {
        record Fixed(int port) implements Target {}

        /** The port of this name of some container, another number in each pod perhaps. */
        record Named(String name) implements Target {}
    }
}
