package io.groupmembership.operator.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.operator.group.follow.MirroredMember;
import io.groupmembership.operator.pod.ContainerState;
import io.groupmembership.operator.pod.ContainerView;
import io.groupmembership.operator.pod.PodView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class EvidenceDecisionTest {
    private static final UUID UID = UUID.fromString("c0ffee00-0000-4000-8000-000000000000");
    private static final ContainerState RUNNING = new ContainerState.Running();
    private static final long SEEN = 1_000;
    private static final long SETTLED = SEEN + EvidenceDecision.SETTLED_AFTER.toNanos();
    private static final Witness APP_1_SEEN = new Witness(17, Map.of("app", "id-1"), SEEN, false);
    private static final Witness APP_1 = new Witness(17, Map.of("app", "id-1"), SEEN, true);

    private static ContainerView container(String name, String id, ContainerState state) {
        return new ContainerView(name, id, state, Optional.empty(), 0, false, List.of());
    }

    private static ContainerView restarted(
            String name, String id, ContainerState state, ContainerState.Terminated last) {
        return new ContainerView(name, id, state, Optional.of(last), 1, false, List.of());
    }

    private static ContainerView sidecar(ContainerState state) {
        return new ContainerView("groupmembership", "id-s", state, Optional.empty(), 0, true, List.of());
    }

    private static ContainerState.Terminated end(String id, int exitCode) {
        return new ContainerState.Terminated(id, exitCode == 0 ? "Completed" : "Error", exitCode);
    }

    private static PodView pod(boolean terminating, ContainerView... containers) {
        return new PodView(
                "default",
                "shop-1",
                UID,
                "1",
                "payments",
                List.of("10.0.0.1"),
                "Running",
                true,
                terminating,
                "worker",
                "",
                "",
                "",
                Optional.empty(),
                true,
                List.of("app", "helper"),
                List.of(containers),
                Optional.empty());
    }

    private static PodView pod(ContainerView... containers) {
        return pod(false, containers);
    }

    private static Optional<MirroredMember> member(long incarnation) {
        return Optional.of(new MirroredMember("shop-1", incarnation, Optional.of(UID)));
    }

    @Nested
    class WhatIsWitnessed {
        private static Optional<Witness> look(
                Optional<Witness> before, PodView pod, Optional<MirroredMember> member, long now) {
            return EvidenceDecision.witness(before, pod, member, now);
        }

        @Test
        void anIncarnationIsSeenWithTheContainersThatRun() {
            assertThat(look(
                            Optional.empty(),
                            pod(container("app", "id-1", RUNNING), sidecar(RUNNING)),
                            member(17),
                            SEEN))
                    .contains(APP_1_SEEN);
        }

        @Test
        void itCountsOnceItWasSeenAgainLater() {
            PodView pod = pod(container("app", "id-1", RUNNING));
            assertThat(look(Optional.of(APP_1_SEEN), pod, member(17), SETTLED - 1))
                    .contains(APP_1_SEEN);
            assertThat(look(Optional.of(APP_1_SEEN), pod, member(17), SETTLED)).contains(APP_1);
        }

        @Test
        void aReportThatWasOlderThanTheIncarnationIsCorrected() {
            assertThat(look(
                            Optional.of(APP_1_SEEN),
                            pod(restarted("app", "id-2", RUNNING, end("id-1", 1))),
                            member(17),
                            SETTLED))
                    .contains(new Witness(17, Map.of("app", "id-2"), SETTLED, false));
        }

        @Test
        void notBeforeAllOfThemRun() {
            PodView half = pod(
                    container("app", "id-1", RUNNING),
                    container("helper", "", new ContainerState.Waiting("PodInitializing")));
            assertThat(look(Optional.empty(), half, member(17), SEEN)).isEmpty();
        }

        @Test
        void notAMemberOfAnotherPodUnderTheSameName() {
            Optional<MirroredMember> other =
                    Optional.of(new MirroredMember("shop-1", 17, Optional.of(UUID.randomUUID())));
            assertThat(look(Optional.empty(), pod(container("app", "id-1", RUNNING)), other, SEEN))
                    .isEmpty();
        }

        @Test
        void aContainerThatWasRestartedIsNotTheOneThatWasSeen() {
            assertThat(look(Optional.of(APP_1), pod(container("app", "id-2", RUNNING)), member(17), SETTLED))
                    .contains(APP_1);
        }

        @Test
        void aLaterIncarnationTakesTheContainersOfItsTime() {
            assertThat(look(Optional.of(APP_1), pod(container("app", "id-2", RUNNING)), member(18), SETTLED))
                    .contains(new Witness(18, Map.of("app", "id-2"), SETTLED, false));
        }

        @Test
        void whatWasSeenStaysKnownWhenTheMemberIsGone() {
            assertThat(look(Optional.of(APP_1), pod(container("app", "id-1", RUNNING)), Optional.empty(), SETTLED))
                    .contains(APP_1);
        }
    }

    @Nested
    class WhatAnEndProves {
        @Test
        void anExitWithAnErrorIsACrash() {
            assertThat(EvidenceDecision.ended(APP_1, pod(container("app", "id-1", end("id-1", 137)), sidecar(RUNNING))))
                    .contains(new EvidenceDecision.Ended("shop-1", 17, true, "app ended: Error, exit code 137"));
        }

        @Test
        void anExitWithoutOneIsNone() {
            assertThat(EvidenceDecision.ended(APP_1, pod(container("app", "id-1", end("id-1", 0)))))
                    .contains(new EvidenceDecision.Ended("shop-1", 17, false, "app ended: Completed, exit code 0"));
        }

        @Test
        void theEndIsSeenThoughTheContainerRunsAgain() {
            assertThat(EvidenceDecision.ended(APP_1, pod(restarted("app", "id-2", RUNNING, end("id-1", 1)))))
                    .isPresent();
        }

        @Test
        void theEndOfAnEarlierContainerProvesNothing() {
            assertThat(EvidenceDecision.ended(APP_1, pod(restarted("app", "id-1", RUNNING, end("id-0", 1)))))
                    .isEmpty();
        }

        @Test
        void oneOfTwoContainersThatEndedProvesNothing() {
            Witness both = new Witness(17, Map.of("app", "id-1", "helper", "id-h"), SEEN, true);
            assertThat(EvidenceDecision.ended(
                            both, pod(container("app", "id-1", end("id-1", 1)), container("helper", "id-h", RUNNING))))
                    .isEmpty();
            assertThat(EvidenceDecision.ended(
                            both,
                            pod(container("app", "id-1", end("id-1", 0)), container("helper", "id-h", end("id-h", 2)))))
                    .contains(new EvidenceDecision.Ended("shop-1", 17, true, "helper ended: Error, exit code 2"));
        }

        @Test
        void aPodThatIsBeingDeletedIsLeftToItsSidecar() {
            assertThat(EvidenceDecision.ended(APP_1, pod(true, container("app", "id-1", end("id-1", 143)))))
                    .isEmpty();
        }

        @Test
        void whatTheKubeletDoesNotKnowProvesNothing() {
            ContainerState lost = new ContainerState.Terminated("id-1", EvidenceDecision.UNKNOWN, 137);
            assertThat(EvidenceDecision.ended(APP_1, pod(container("app", "id-1", lost))))
                    .isEmpty();
        }

        @Test
        void whatHasNotSettledProvesNothing() {
            assertThat(EvidenceDecision.ended(APP_1_SEEN, pod(container("app", "id-1", end("id-1", 137)))))
                    .isEmpty();
        }

        @Test
        void theEndOfASidecarProvesNothing() {
            assertThat(EvidenceDecision.ended(APP_1, pod(container("app", "id-1", RUNNING), sidecar(end("id-s", 1)))))
                    .isEmpty();
        }
    }
}
