package io.groupmembership.membership.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The short form of {@link DetectionStudy}. */
class DetectionStudyTest {
    static List<DetectionStudy.Profile> profiles() {
        return List.of(DetectionStudy.Profile.USUAL, DetectionStudy.Profile.FAST);
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void aCrashIsFoundWithinTheLeaseAnIntervalAndASecond(DetectionStudy.Profile profile) {
        DetectionStudy.Times times = DetectionStudy.single(profile, 1, false);

        assertThat(times.millis()).hasSize(times.expected());
        assertThat(times.worst()).isLessThanOrEqualTo(profile.boundMillis());
        assertThat(times.views()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void withEvidenceItIsFoundAtOnce(DetectionStudy.Profile profile) {
        DetectionStudy.Times times = DetectionStudy.single(profile, 1, true);

        assertThat(times.millis()).hasSize(times.expected());
        assertThat(times.worst()).isLessThan(100);
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void oneInTenThatDieAtOnceAreOneViewOrTwo(DetectionStudy.Profile profile) {
        assertFoundTogether(profile, DetectionStudy.mass(profile, 1, 500, 50));
    }

    /** A monitor that hears of none of its members mistrusts itself, but not where its peers do not reach them either. */
    @ParameterizedTest
    @MethodSource("profiles")
    void allThatDieAtOnceAreOneViewOrTwo(DetectionStudy.Profile profile) {
        assertFoundTogether(profile, DetectionStudy.mass(profile, 1, 500, 500));
    }

    private static void assertFoundTogether(DetectionStudy.Profile profile, DetectionStudy.Times times) {
        assertThat(times.millis()).hasSize(times.expected());
        assertThat(times.worst()).isLessThanOrEqualTo(profile.boundMillis());
        assertThat(times.views()).isBetween(1, 2);
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void membersThatDieWithTheirMonitorAreFoundAfterTheTakeoversWait(DetectionStudy.Profile profile) {
        DetectionStudy.Times times = DetectionStudy.withMonitor(profile, 1, 300);

        assertThat(times.millis()).hasSize(times.expected()).isNotEmpty();
        assertThat(times.worst()).isLessThanOrEqualTo(profile.boundWithoutMonitorMillis());
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void nobodyIsFencedWhenANodeDies(DetectionStudy.Profile profile) {
        DetectionStudy.Fenced fenced = DetectionStudy.nodeAlone(profile, 1, 600);

        assertThat(fenced.of()).isGreaterThan(100);
        assertThat(fenced.members()).isZero();
    }
}
