package io.groupmembership.operator.group.slice;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class SliceObjectsTest {
    private static final ServiceView HEADLESS = new ServiceView(
            "shop",
            "orders",
            "5",
            "svc-1",
            false,
            false,
            true,
            false,
            false,
            List.of(),
            EnumSet.allOf(AddressType.class));

    private static final SliceView SLICE = new SliceView(
            "shop",
            "orders-gm-1-0",
            "17",
            "orders",
            "svc-1",
            "platform/gm",
            new SliceSet(
                    AddressType.IPV6,
                    List.of(
                            new SlicePort("web", "TCP", Optional.of(8080), Optional.of("http")),
                            new SlicePort("", "UDP", Optional.of(53), Optional.empty()))),
            List.of(
                    new SliceEndpoint(
                            Optional.of(new UUID(1, 2)), "orders-0", "fd00::1", true, true, false, "n", "z", "h"),
                    new SliceEndpoint(
                            Optional.of(new UUID(1, 3)), "orders-1", "fd00::2", false, true, true, "", "", "")));

    @Test
    void whatIsReadOfWhatWasWrittenIsTheSame() {
        EndpointSlice written = SliceObjects.write(SLICE, HEADLESS);
        EndpointSlice there = Serialization.unmarshal(Serialization.asJson(written), EndpointSlice.class);

        assertThat(SliceObjects.read(there)).isEqualTo(SLICE);
    }

    @Test
    void aSliceSaysWhoseItIs() {
        EndpointSlice slice = SliceObjects.write(SLICE, HEADLESS);

        assertThat(slice.getMetadata().getLabels())
                .containsEntry("kubernetes.io/service-name", "orders")
                .containsEntry("endpointslice.kubernetes.io/managed-by", "operator.groupmembership.io")
                .containsEntry("service.kubernetes.io/headless", "");
        assertThat(slice.getMetadata().getOwnerReferences()).singleElement().satisfies(owner -> {
            assertThat(owner.getKind()).isEqualTo("Service");
            assertThat(owner.getUid()).isEqualTo("svc-1");
            assertThat(owner.getController()).isTrue();
        });
    }

    @Test
    void whatAServiceAsksForIsRead() {
        Service service = new ServiceBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("orders")
                .withUid("u")
                .withResourceVersion("3")
                .endMetadata()
                .withNewSpec()
                .withClusterIP("None")
                .withIpFamilies("IPv6")
                .withPublishNotReadyAddresses(true)
                .addNewPort()
                .withName("web")
                .withPort(80)
                .withTargetPort(new IntOrString("http"))
                .endPort()
                .addNewPort()
                .withName("plain")
                .withPort(81)
                .withProtocol("UDP")
                .withTargetPort(new IntOrString(8081))
                .endPort()
                .addNewPort()
                .withName("same")
                .withPort(82)
                .endPort()
                .endSpec()
                .build();

        ServiceView view = ServiceViewReader.read(service);

        assertThat(view.headless()).isTrue();
        assertThat(view.hasSelector()).isFalse();
        assertThat(view.publishNotReady()).isTrue();
        assertThat(view.types()).containsExactly(AddressType.IPV6);
        assertThat(view.ports())
                .containsExactly(
                        new ServiceView.Port("web", "TCP", Optional.empty(), new ServiceView.Target.Named("http")),
                        new ServiceView.Port("plain", "UDP", Optional.empty(), new ServiceView.Target.Fixed(8081)),
                        new ServiceView.Port("same", "TCP", Optional.empty(), new ServiceView.Target.Fixed(82)));
    }

    @Test
    void aSelectorOrAnExternalNameIsSeen() {
        assertThat(ServiceViewReader.read(new ServiceBuilder()
                                .withNewMetadata()
                                .endMetadata()
                                .withNewSpec()
                                .addToSelector("app", "x")
                                .endSpec()
                                .build())
                        .hasSelector())
                .isTrue();
        assertThat(ServiceViewReader.read(new ServiceBuilder()
                                .withNewMetadata()
                                .endMetadata()
                                .withNewSpec()
                                .withType("ExternalName")
                                .endSpec()
                                .build())
                        .externalName())
                .isTrue();
    }
}
