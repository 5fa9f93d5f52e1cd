package io.groupmembership.operator.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.zjsonpatch.JsonPatch;
import io.groupmembership.operator.injection.InjectionDecision.Inject;
import java.io.IOException;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PodMutatorTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static List<InjectionCase> cases() throws IOException {
        return InjectionCase.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aPatchAddsAndTakesNothingAway(InjectionCase one) throws IOException {
        for (JsonNode operation : patch(one, one.podJson())) {
            assertThat(operation.path("op").asText()).isEqualTo("add");
        }
    }

    @Test
    void aPodThatHasNoneOfThemGetsEachAsOne() throws IOException {
        InjectionCase one = InjectionCase.named("a-pod-of-nothing-but-a-label");

        assertThat(paths(patch(one, one.podJson())))
                .containsExactly("/spec/initContainers", "/spec/volumes", "/metadata/annotations");
    }

    @Test
    void aPodThatHasThemGetsOneMoreOfEach() throws IOException {
        InjectionCase one = InjectionCase.named("ports-that-istio-leaves-alone-are-kept");
        ObjectNode pod = (ObjectNode) one.podJson();
        ((ObjectNode) pod.get("spec")).putArray("initContainers").addObject().put("name", "migrate");
        ((ObjectNode) pod.get("spec")).putArray("volumes").addObject().put("name", "data");

        assertThat(paths(patch(one, pod)))
                .containsExactly(
                        "/spec/initContainers/0",
                        "/spec/volumes/-",
                        "/metadata/annotations/config.linkerd.io~1skip-inbound-ports",
                        "/metadata/annotations/config.linkerd.io~1skip-outbound-ports",
                        "/metadata/annotations/groupmembership.io~1cluster",
                        "/metadata/annotations/groupmembership.io~1injected",
                        "/metadata/annotations/traffic.sidecar.istio.io~1excludeOutboundPorts");
    }

    @Test
    void whatIsNullInThePodCountsAsNotThere() throws IOException {
        InjectionCase one = InjectionCase.named("a-pod-of-nothing-but-a-label");
        ObjectNode pod = (ObjectNode) one.podJson();
        ((ObjectNode) pod.get("spec")).putNull("initContainers");
        ((ObjectNode) pod.get("metadata")).putNull("annotations");

        assertThat(paths(patch(one, pod)))
                .containsExactly("/spec/initContainers", "/spec/volumes", "/metadata/annotations");
    }

    @Test
    void aFieldOfAKubernetesToComeSurvives() throws IOException {
        InjectionCase one = InjectionCase.named("a-pod-of-nothing-but-a-label");
        ObjectNode pod = (ObjectNode) one.podJson();
        ((ObjectNode) pod.get("spec")).putObject("fieldToCome").put("weight", "1000m");
        ((ObjectNode) pod.at("/spec/containers/0")).put("anotherToCome", 1.50);

        JsonNode after = JsonPatch.apply(patch(one, pod), pod);

        assertThat(after.at("/spec/fieldToCome")).isEqualTo(pod.at("/spec/fieldToCome"));
        assertThat(after.at("/spec/containers")).isEqualTo(pod.at("/spec/containers"));
    }

    @Test
    void theSidecarPassesTheRestrictedLevelOfPodSecurity() throws IOException {
        InjectionCase one = InjectionCase.named("a-pod-of-nothing-but-a-label");
        Container sidecar = SidecarContainer.of(plan(one));

        // https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted, what concerns a container
        assertThat(sidecar.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(sidecar.getSecurityContext().getPrivileged()).isFalse();
        assertThat(sidecar.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(sidecar.getSecurityContext().getRunAsUser()).isPositive();
        assertThat(sidecar.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(sidecar.getSecurityContext().getCapabilities().getAdd()).isNullOrEmpty();
        assertThat(sidecar.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(sidecar.getPorts())
                .allSatisfy(port -> assertThat(port.getHostPort()).isNull());
    }

    private static InjectionPlan plan(InjectionCase one) throws IOException {
        return ((Inject) decide(one, one.pod())).plan();
    }

    private static ArrayNode patch(InjectionCase one, JsonNode pod) throws IOException {
        return decide(one, JSON.treeToValue(pod, Pod.class)) instanceof Inject(InjectionPlan plan)
                ? PodMutator.patch(pod, plan)
                : JSON.createArrayNode();
    }

    private static InjectionDecision decide(InjectionCase one, Pod pod) throws IOException {
        return InjectionDecision.of(
                pod,
                one.namespace(),
                one.clusters(),
                new InjectionSettings("groupmembership-system", "docker.io/groupmembership/sidecar:1"));
    }

    private static List<String> paths(ArrayNode patch) {
        return StreamSupport.stream(patch.spliterator(), false)
                .map(operation -> operation.path("path").asText())
                .toList();
    }
}
