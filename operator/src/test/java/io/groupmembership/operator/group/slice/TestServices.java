package io.groupmembership.operator.group.slice;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Services named shop/orders. */
final class TestServices {
    private TestServices() {}

    static ServiceView service(Set<AddressType> types, ServiceView.Port... ports) {
        return new ServiceView(
                "shop", "orders", "1", "svc-1", false, false, false, false, false, List.of(ports), types);
    }

    static ServiceView ipv4(ServiceView.Port... ports) {
        return service(EnumSet.of(AddressType.IPV4), ports);
    }

    static ServiceView.Port named(String name, String target) {
        return new ServiceView.Port(name, "TCP", Optional.of("http"), new ServiceView.Target.Named(target));
    }

    static ServiceView.Port fixed(String name, int target) {
        return new ServiceView.Port(name, "TCP", Optional.empty(), new ServiceView.Target.Fixed(target));
    }
}
