package io.groupmembership.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.groupmembership.operator.cluster.ClusterStep.Configure;
import io.groupmembership.operator.cluster.ClusterStep.DeleteVolume;
import io.groupmembership.operator.cluster.ClusterStep.Done;
import io.groupmembership.operator.cluster.ClusterStep.DrawHeartbeatSecret;
import io.groupmembership.operator.cluster.ClusterStep.ForgetRecovery;
import io.groupmembership.operator.cluster.ClusterStep.Form;
import io.groupmembership.operator.cluster.ClusterStep.LowerReplicas;
import io.groupmembership.operator.cluster.ClusterStep.MoveLeadership;
import io.groupmembership.operator.cluster.ClusterStep.RaiseReplicas;
import io.groupmembership.operator.cluster.ClusterStep.RecordIdentity;
import io.groupmembership.operator.cluster.ClusterStep.RecordRecovery;
import io.groupmembership.operator.cluster.ClusterStep.Recover;
import io.groupmembership.operator.cluster.ClusterStep.Refuse;
import io.groupmembership.operator.cluster.ClusterStep.RestartPod;
import io.groupmembership.operator.cluster.ClusterStep.Wait;
import io.groupmembership.protocol.api.RaftState;
import java.util.Arrays;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ClusterPlanTest {
    /** Three nodes that run as the spec asks. */
    private static Seen three(int wanted) {
        return Seen.wanting(wanted)
                .replicas(3)
                .foundedOn("0a")
                .configuration("1b", "0a", "1b", "2c")
                .running("0a", "1b", "2c");
    }

    private static Seen five(int wanted) {
        return Seen.wanting(wanted)
                .replicas(5)
                .foundedOn("0a")
                .configuration("4e", "0a", "1b", "2c", "3d", "4e")
                .running("0a", "1b", "2c", "3d", "4e");
    }

    private static void isChangeTo(ClusterStep step, String... peers) {
        assertThat(step)
                .isInstanceOfSatisfying(
                        Configure.class,
                        change -> assertThat(change.peers().stream().map(RaftState.Peer::peerId))
                                .containsExactlyInAnyOrderElementsOf(
                                        Arrays.stream(peers).map(Seen::peerId).toList()));
    }

    private static void refuses(ClusterStep step, String reason, String... words) {
        assertThat(step).isInstanceOfSatisfying(Refuse.class, refusal -> {
            assertThat(refusal.reason()).isEqualTo(reason);
            assertThat(refusal.message()).contains(words);
        });
    }

    private static void waits(ClusterStep step, String reason, String... words) {
        assertThat(step).isInstanceOfSatisfying(Wait.class, wait -> {
            assertThat(wait.reason()).isEqualTo(reason);
            assertThat(words).allSatisfy(word -> assertThat(wait.message()).contains(word));
        });
    }

    @Nested
    class Bootstrap {
        @Test
        void noNodeIsMadeBeforeTheSecretOfTheHeartbeats() {
            assertThat(Seen.wanting(3).withoutHeartbeatSecret().next()).isEqualTo(new DrawHeartbeatSecret());
        }

        @Test
        void theSecretOfTheHeartbeatsIsDrawnForAClusterThatRunsWithoutOne() {
            assertThat(three(3).withoutHeartbeatSecret().next()).isEqualTo(new DrawHeartbeatSecret());
        }

        @Test
        void theStatefulSetComesFirst() {
            assertThat(Seen.wanting(3).next()).isEqualTo(new RaiseReplicas(3));
        }

        @Test
        void aStatefulSetThatSomebodyDeletedComesBackWithEveryNodeThatMayVote() {
            assertThat(Seen.wanting(1).foundedOn("0a").claims(0, 1, 2, 3, 4).next())
                    .isEqualTo(new RaiseReplicas(5));
        }

        @Test
        void volumesWithoutASecretAreNotCountedOn() {
            assertThat(Seen.wanting(3).claims(0, 1, 2, 3, 4).next()).isEqualTo(new RaiseReplicas(3));
        }

        @Test
        void theFirstNodeIsAwaited() {
            waits(Seen.wanting(3).replicas(3).silent(0).unformed("1b").next(), "NodesStarting", "demo-0");
        }

        @Test
        void itsVolumeIsWrittenDownBeforeAnythingIsFormed() {
            assertThat(Seen.wanting(3).replicas(3).unformed("0a").unformed("1b").next())
                    .isEqualTo(new RecordIdentity(Seen.peerId("0a")));
        }

        @Test
        void theFounderIsFormedAndServesNobodyUntilAllAreIn() {
            assertThat(Seen.wanting(3)
                            .replicas(3)
                            .foundedOn("0a")
                            .unformed("1b")
                            .unformed("0a")
                            .next())
                    .isEqualTo(new Form("demo-0", Seen.peerId("0a"), true, 3));
        }

        @Test
        void theOthersAreToldOnceTheFounderIsThere() {
            assertThat(Seen.wanting(3)
                            .replicas(3)
                            .foundedOn("0a")
                            .configuration("0a", "0a")
                            .running("0a")
                            .unformed("1b")
                            .next())
                    .isEqualTo(new Form("demo-1", Seen.peerId("1b"), false, 3));
        }

        @Test
        void theyAreAdmittedOneAfterTheOther() {
            Seen one = Seen.wanting(3)
                    .replicas(3)
                    .foundedOn("0a")
                    .configuration("0a", "0a")
                    .running("0a")
                    .admissible("1b")
                    .admissible("2c");
            isChangeTo(one.next(), "0a", "1b");
            Seen two = Seen.wanting(3)
                    .replicas(3)
                    .foundedOn("0a")
                    .configuration("0a", "0a", "1b")
                    .running("0a", "1b")
                    .admissible("2c");
            isChangeTo(two.next(), "0a", "1b", "2c");
        }

        @Test
        void aChangeNamesWhatItChanges() {
            ClusterStep step = Seen.wanting(3)
                    .replicas(3)
                    .foundedOn("0a")
                    .configuration("0a", "0a")
                    .running("0a")
                    .admissible("1b")
                    .next();
            assertThat(step)
                    .isEqualTo(new Configure(
                            "admit demo-1",
                            java.util.List.of(Seen.peerId("0a")),
                            java.util.List.of(Seen.peer("0a"), Seen.peer("1b"))));
        }

        @Test
        void whenAllAreInThereIsNothingToDo() {
            assertThat(three(3).next()).isEqualTo(new Done());
        }

        @Test
        void aStatefulSetThatSomebodyScaledToNothingComesBackAndNoDataIsCalledLost() {
            assertThat(Seen.wanting(3)
                            .replicas(0)
                            .foundedOn("0a")
                            .claims(0, 1, 2)
                            .next())
                    .isEqualTo(new RaiseReplicas(3));
        }

        @Test
        void aVolumeOfAClusterIsNotTakenOverByAnother() {
            refuses(Seen.wanting(3).replicas(3).foreign("0a").next(), "FoundVolumes", "demo-0", "restore the Secret");
        }
    }

    @Nested
    class LostVolumes {
        @Test
        void aClusterThatLostEveryVolumeIsNeverFoundedAgain() {
            refuses(
                    Seen.wanting(3)
                            .replicas(3)
                            .foundedOn("0a")
                            .unformed("0x")
                            .unformed("1x")
                            .unformed("2x")
                            .next(),
                    "DataLost",
                    "every volume is empty");
        }

        @Test
        void whileANodeIsSilentItsVolumeMayBeThere() {
            waits(
                    Seen.wanting(3)
                            .replicas(3)
                            .foundedOn("0a")
                            .unformed("0x")
                            .unformed("1x")
                            .silent(2)
                            .next(),
                    "NodesStarting");
        }

        @Test
        void oneWipedNodeIsToldTheClusterAndThenSwapped() {
            Seen wiped = Seen.wanting(3)
                    .replicas(3)
                    .foundedOn("0a")
                    .configuration("1b", "0a", "1b", "2c")
                    .running("0a", "1b");
            assertThat(wiped.unformed("2x").next()).isEqualTo(new Form("demo-2", Seen.peerId("2x"), false, 1));
            isChangeTo(wiped.admissible("2x").next(), "0a", "1b", "2x");
        }

        @Test
        void aWipedFounderIsSwappedLikeAnyOther() {
            Seen wiped = Seen.wanting(3)
                    .replicas(3)
                    .foundedOn("0a")
                    .configuration("1b", "0a", "1b", "2c")
                    .running("1b", "2c")
                    .admissible("0x");
            isChangeTo(wiped.next(), "0x", "1b", "2c");
        }

        @Test
        void twoOfThreeWipedIsRefused() {
            refuses(
                    Seen.wanting(3)
                            .replicas(3)
                            .foundedOn("0a")
                            .configuration("", "0a", "1b", "2c")
                            .running("0a")
                            .admissible("1x")
                            .admissible("2x")
                            .next(),
                    "MajorityLost",
                    "demo-1, demo-2",
                    "Forced recovery");
        }

        @Test
        void wipedNodesAreToldNothingWhileNobodyCanAdmitThem() {
            refuses(lostMajority().next(), "MajorityLost", "demo-1, demo-2");
        }

        @Test
        void aVolumeOfAnotherClusterIsRefused() {
            refuses(three(3).foreign("2f").next(), "StaleVolume", "demo-2", "data-demo-2");
        }
    }

    /** Two of three volumes are gone, and their nodes are back with empty ones. */
    private static Seen lostMajority() {
        return Seen.wanting(3)
                .replicas(3)
                .foundedOn("0a")
                .configuration("", "0a", "1b", "2c")
                .running("0a")
                .unformed("1x")
                .unformed("2x");
    }

    @Nested
    class ForcedRecovery {
        @Test
        void isWrittenDownForTheSurvivorThatAPersonNames() {
            assertThat(lostMajority().wishToRecoverFrom("demo-0").next())
                    .isEqualTo(new RecordRecovery(Seen.peerId("0a"), 1));
        }

        @Test
        void countsAVolumeThatWasDeletedAsGone() {
            Seen seen = Seen.wanting(3)
                    .replicas(3)
                    .foundedOn("0a")
                    .configuration("", "0a", "1b", "2c")
                    .running("0a")
                    .withoutVolume(1)
                    .withoutVolume(2);
            assertThat(seen.wishToRecoverFrom("demo-0").next()).isEqualTo(new RecordRecovery(Seen.peerId("0a"), 1));
        }

        @Test
        void isRefusedWhileAnotherPeerMayBeThere() {
            Seen seen = Seen.wanting(3)
                    .replicas(3)
                    .foundedOn("0a")
                    .configuration("", "0a", "1b", "2c")
                    .running("0a")
                    .silent(1)
                    .unformed("2x");
            refuses(seen.wishToRecoverFrom("demo-0").next(), "RecoveryRefused", "volumes of demo-1 may");
        }

        @Test
        void isRefusedWhileAClaimThatIsDeletedMayBeInUse() {
            Seen seen = Seen.wanting(3)
                    .replicas(3)
                    .foundedOn("0a")
                    .configuration("", "0a", "1b", "2c")
                    .running("0a")
                    .silentAndClaimDeleted(1)
                    .silentAndClaimDeleted(2);
            refuses(seen.wishToRecoverFrom("demo-0").next(), "RecoveryRefused", "volumes of demo-1, demo-2 may");
        }

        @Test
        void isCalledOffWhereTheOthersComeBackBeforeTheSurvivorWasTold() {
            refuses(three(3).recoveredFrom("0a", 1).next(), "RecoveryRefused", "demo-identity-1", "demo-1, demo-2");
            Seen leaderless = Seen.wanting(3)
                    .replicas(3)
                    .recoveredFrom("0a", 1)
                    .configuration("", "0a", "1b", "2c")
                    .running("0a", "1b", "2c");
            refuses(leaderless.next(), "RecoveryRefused", "demo-1, demo-2");
        }

        @Test
        void aSecretThatIsMissingIsToldAndNoVolumeIsBlamed() {
            Seen later = Seen.wanting(3)
                    .replicas(3)
                    .foundedOn("0a")
                    .atEpoch(1)
                    .configuration("0a", "0a", "1b", "2c")
                    .running("0a", "1b", "2c");
            refuses(later.next(), "SecretMissing", "restore demo-identity-1");
        }

        @Test
        void isRefusedFromANodeThatHasNothing() {
            refuses(lostMajority().wishToRecoverFrom("demo-1").next(), "RecoveryRefused", "demo-1", "does not answer");
            refuses(lostMajority().wishToRecoverFrom("demo-9").next(), "RecoveryRefused", "demo-9");
        }

        @Test
        void theSurvivorIsToldOnceItIsWrittenDown() {
            assertThat(lostMajority()
                            .wishToRecoverFrom("demo-0")
                            .recoveredFrom("0a", 1)
                            .next())
                    .isEqualTo(new Recover("demo-0", Seen.peerId("0a"), 1));
        }

        @Test
        void whatWasWrittenDownIsDoneEvenIfTheWishIsGone() {
            assertThat(lostMajority().recoveredFrom("0a", 1).next())
                    .isEqualTo(new Recover("demo-0", Seen.peerId("0a"), 1));
        }

        @Test
        void isNotBegunAgainWhileTheSurvivorStarts() {
            waits(
                    Seen.wanting(3)
                            .replicas(3)
                            .recoveredFrom("0a", 1)
                            .wishToRecoverFrom("demo-0")
                            .atEpoch(1)
                            .configuration("", "0a")
                            .running("0a")
                            .unformed("1x")
                            .unformed("2x")
                            .next(),
                    "QuorumLost",
                    "0 of 1");
        }

        @Test
        void afterItTheWishIsTakenBackAndTheOthersAreAdmitted() {
            Seen recovered = Seen.wanting(3)
                    .replicas(3)
                    .recoveredFrom("0a", 1)
                    .atEpoch(1)
                    .configuration("0a", "0a")
                    .running("0a")
                    .unformed("1x")
                    .unformed("2x");
            assertThat(recovered.next()).isEqualTo(new Form("demo-1", Seen.peerId("1x"), false, 3));
            assertThat(recovered.admissible("1x").admissible("2x").next()).isInstanceOf(Configure.class);
            assertThat(recovered.wishToRecoverFrom("demo-0").next()).isEqualTo(new ForgetRecovery());
        }

        @Test
        void aPeerFromBeforeThatComesBackIsRefused() {
            Seen recovered = Seen.wanting(3)
                    .replicas(3)
                    .recoveredFrom("0a", 1)
                    .configuration("", "0a", "1b", "2c")
                    .running("1b")
                    .atEpoch(1)
                    .configuration("0a", "0a")
                    .running("0a");
            refuses(recovered.next(), "StaleVolume", "demo-1", "recovery epoch 0");
        }

        @Test
        void aClusterWithAMajorityIsNotRecovered() {
            assertThat(three(3).wishToRecoverFrom("demo-0").next()).isEqualTo(new ForgetRecovery());
        }
    }

    @Nested
    class WithoutMajority {
        @Test
        void nothingIsDoneAndTheMissingAreNamed() {
            waits(
                    Seen.wanting(5)
                            .replicas(3)
                            .foundedOn("0a")
                            .configuration("", "0a", "1b", "2c")
                            .running("0a")
                            .silent(1)
                            .silent(2)
                            .next(),
                    "QuorumLost",
                    "demo-0, demo-1, demo-2");
        }

        @Test
        void aChangeThatIsInProgressIsAwaited() {
            waits(
                    Seen.wanting(5)
                            .replicas(5)
                            .foundedOn("0a")
                            .configuration("0a", "0a", "1b", "2c", "3d", "4e")
                            .changingFrom("0a", "1b", "2c")
                            .running("0a", "1b", "2c", "3d", "4e")
                            .next(),
                    "ConfigurationChanging");
        }
    }

    @Nested
    class ScalingUp {
        @Test
        void thePodsComeFirst() {
            assertThat(three(5).next()).isEqualTo(new RaiseReplicas(5));
        }

        @Test
        void aVolumeThatWasLeftOverIsRefused() {
            refuses(three(5).claims(0, 1, 2, 3).next(), "StaleVolume", "data-demo-3", "delete it");
        }

        @Test
        void bothNewNodesAreAwaited() {
            waits(three(5).replicas(5).admissible("3d").silent(4).next(), "NodesStarting", "demo-4");
        }

        @Test
        void bothAreAdmittedAtOnce() {
            isChangeTo(three(5).replicas(5).admissible("3d").admissible("4e").next(), "0a", "1b", "2c", "3d", "4e");
        }

        @Test
        void fromThreeToSevenGoesByTwos() {
            isChangeTo(
                    three(7).replicas(7)
                            .admissible("3d")
                            .admissible("4e")
                            .admissible("5f")
                            .admissible("6a")
                            .next(),
                    "0a",
                    "1b",
                    "2c",
                    "3d",
                    "4e");
        }
    }

    @Nested
    class ScalingDown {
        @Test
        void leadershipIsMovedToANodeThatStays() {
            assertThat(five(3).next()).isEqualTo(new MoveLeadership("demo-4", "demo-0"));
        }

        @Test
        void theHighestOrdinalGoesFirst() {
            Seen led = five(3).configuration("0a", "0a", "1b", "2c", "3d", "4e").running("0a", "1b", "2c", "3d", "4e");
            isChangeTo(led.next(), "0a", "1b", "2c", "3d");
        }

        @Test
        void thenTheNextWhilePodsAreLeftAlone() {
            Seen led = Seen.wanting(3)
                    .replicas(5)
                    .foundedOn("0a")
                    .configuration("0a", "0a", "1b", "2c", "3d")
                    .running("0a", "1b", "2c", "3d")
                    .admissible("4e");
            isChangeTo(led.next(), "0a", "1b", "2c");
        }

        @Test
        void podsGoOnceTheirNodesAreOut() {
            assertThat(three(3).replicas(5).admissible("3d").admissible("4e").next())
                    .isEqualTo(new LowerReplicas(3));
        }

        @Test
        void aRemovalThatWouldLeaveNoMajorityIsRefused() {
            Seen led = Seen.wanting(1)
                    .replicas(3)
                    .foundedOn("0a")
                    .configuration("0a", "0a", "1b", "2c")
                    .running("0a", "2c")
                    .silent(1);
            refuses(led.next(), "UnsafeScaleDown", "without demo-2 only 1 of 2");
        }

        @Test
        void volumesStayUnlessTheirDeletionIsAskedFor() {
            assertThat(three(3).claims(3, 4).next()).isEqualTo(new Done());
            assertThat(three(3).claims(3, 4).deletingVolumes().next()).isEqualTo(new DeleteVolume(4));
        }

        @Test
        void aVolumeStaysWhileItsPodIsThere() {
            assertThat(three(3).silent(3).deletingVolumes().next()).isEqualTo(new Done());
        }
    }

    @Nested
    class Rolling {
        @Test
        void followersComeFirst() {
            assertThat(three(3).outdated(0, 1, 2).next())
                    .isEqualTo(new RestartPod("demo-0", "it was made from an older template"));
            assertThat(three(3).outdated(1, 2).next())
                    .isInstanceOf(RestartPod.class)
                    .asString()
                    .contains("demo-2");
        }

        @Test
        void theLeaderMovesAwayAndComesLast() {
            assertThat(three(3).outdated(1).next()).isEqualTo(new MoveLeadership("demo-1", "demo-0"));
        }

        @Test
        void aSingleNodeIsRestarted() {
            assertThat(Seen.wanting(1)
                            .replicas(1)
                            .foundedOn("0a")
                            .configuration("0a", "0a")
                            .running("0a")
                            .outdated(0)
                            .next())
                    .isInstanceOf(RestartPod.class);
        }

        @Test
        void noneIsRestartedWhileAnotherIsAway() {
            waits(three(3).outdated(0, 1).unready(2).next(), "NodesStarting", "demo-2");
            waits(three(3).outdated(0, 1).terminating(2).next(), "NodesStarting", "demo-2");
        }

        @Test
        void noneIsRestartedWhileTheLeaderHasNotReachedAnother() {
            Seen seen = Seen.wanting(3)
                    .replicas(3)
                    .foundedOn("0a")
                    .configuration("1b", "0a", "1b", "2c")
                    .unheard("2c")
                    .running("0a", "1b", "2c");
            waits(seen.outdated(0).next(), "NodesStarting", "demo-2");
            assertThat(seen.outdated(2).unready(2).next()).asString().contains("demo-2");
            assertThat(seen.silent(2).outdated(2).next()).isInstanceOf(RestartPod.class);
        }

        @Test
        void aNodeThatIsUnreadyAnywayIsTheNext() {
            assertThat(three(3).outdated(0, 2).unready(2).next()).asString().contains("demo-2");
        }

        @Test
        void aPodThatCannotStartIsMadeAnewFromABetterTemplateEvenWithoutAMajority() {
            assertThat(Seen.wanting(3)
                            .replicas(3)
                            .foundedOn("0a")
                            .configuration("", "0a", "1b", "2c")
                            .running("0a")
                            .silent(1)
                            .silent(2)
                            .stuck("ImagePullBackOff", 1, 2)
                            .outdated(1, 2)
                            .next())
                    .isEqualTo(new RestartPod("demo-1", "ImagePullBackOff"));
        }

        @Test
        void aPodThatCannotStartFromTheNewestTemplateIsLeftAlone() {
            assertThat(three(3).stuck("CrashLoopBackOff", 2).next()).isEqualTo(new Done());
        }
    }
}
