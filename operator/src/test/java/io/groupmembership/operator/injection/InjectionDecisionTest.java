package io.groupmembership.operator.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.zjsonpatch.JsonPatch;
import io.groupmembership.operator.injection.InjectionDecision.AlreadyInjected;
import io.groupmembership.operator.injection.InjectionDecision.Inject;
import io.groupmembership.operator.injection.InjectionDecision.NotOurs;
import io.groupmembership.operator.injection.InjectionDecision.Refuse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs every directory of {@code src/test/resources/injection}. What is expected lies beside what comes in: expected.yaml is
 * the pod after the patch, expected-warnings.txt what its creator is told, expected-refusal.txt the reason, code and message
 * of a refusal, expected-untouched.txt why nothing happens. {@code -Dgolden.write=true} writes them anew, to be read in
 * the diff.
 */
class InjectionDecisionTest {
    private static final boolean WRITE = Boolean.getBoolean("golden.write");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> EXPECTATIONS =
            List.of("expected.yaml", "expected-warnings.txt", "expected-refusal.txt", "expected-untouched.txt");
    private static final InjectionSettings SETTINGS =
            new InjectionSettings("groupmembership-system", "docker.io/groupmembership/sidecar:1");

    static Stream<InjectionCase> cases() throws IOException {
        return InjectionCase.all().stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void decidesAsTheDirectorySays(InjectionCase one) throws IOException {
        switch (decide(one, one.pod())) {
            case Inject(InjectionPlan plan) -> {
                JsonNode after = patched(one.podJson(), PodMutator.patch(one.podJson(), plan));
                compare(one, "expected.yaml", after);
                compare(one, "expected-warnings.txt", String.join("\n", plan.warnings()));
                expectNothingElse(one, "expected.yaml", "expected-warnings.txt");
            }
            case Refuse(Refusal refusal) -> {
                String text = refusal.reason().word() + " " + refusal.reason().code() + "\n" + refusal.message();
                compare(one, "expected-refusal.txt", text);
                expectNothingElse(one, "expected-refusal.txt");
            }
            case AlreadyInjected() -> {
                compare(one, "expected-untouched.txt", "it is injected already");
                expectNothingElse(one, "expected-untouched.txt");
            }
            case NotOurs(String why, boolean asked) -> {
                compare(one, "expected-untouched.txt", why + (asked ? "\n(its creator is warned)" : ""));
                expectNothingElse(one, "expected-untouched.txt");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aPodThatWasInjectedIsLeftAsItIs(InjectionCase one) throws IOException {
        if (decide(one, one.pod()) instanceof Inject(InjectionPlan plan)) {
            JsonNode after = patched(one.podJson(), PodMutator.patch(one.podJson(), plan));

            assertThat(decide(one, JSON.treeToValue(after, Pod.class))).isEqualTo(new AlreadyInjected());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aMessageFitsIntoAnEvent(InjectionCase one) throws IOException {
        if (decide(one, one.pod()) instanceof Refuse(Refusal refusal)) {
            assertThat(refusal.message()).hasSizeLessThan(850).doesNotContain("\n");
        }
    }

    @Test
    void thereIsACaseForEveryReasonToRefuse() throws IOException {
        List<Refusal.Reason> reasons = cases().map(InjectionDecisionTest::decide)
                .filter(Refuse.class::isInstance)
                .map(decision -> ((Refuse) decision).refusal().reason())
                .distinct()
                .toList();

        assertThat(reasons).containsExactlyInAnyOrder(Refusal.Reason.values());
    }

    private static InjectionDecision decide(InjectionCase one) {
        try {
            return decide(one, one.pod());
        } catch (IOException e) {
            throw new AssertionError(one.name(), e);
        }
    }

    private static InjectionDecision decide(InjectionCase one, Pod pod) throws IOException {
        return InjectionDecision.of(pod, one.namespace(), one.clusters(), SETTINGS);
    }

    private static JsonNode patched(JsonNode pod, ArrayNode patch) {
        return JsonPatch.apply(patch, pod);
    }

    private static void compare(InjectionCase one, String file, JsonNode actual) throws IOException {
        String text = InjectionCase.YAML.writeValueAsString(actual) + "\n";
        Path path = one.expected(file);
        if (WRITE) {
            Files.writeString(path, text);
        }
        assertThat(path).hasContent(text);
    }

    private static void compare(InjectionCase one, String file, String actual) throws IOException {
        Path path = one.expected(file);
        if (actual.isEmpty()) {
            assertThat(path).doesNotExist();
            return;
        }
        if (WRITE) {
            Files.writeString(path, actual + "\n");
        }
        assertThat(path).hasContent(actual);
    }

    private static void expectNothingElse(InjectionCase one, String... files) {
        for (String file : EXPECTATIONS) {
            if (!List.of(files).contains(file)) {
                assertThat(one.expected(file)).doesNotExist();
            }
        }
    }
}
