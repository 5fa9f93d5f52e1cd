package io.groupmembership.node;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows between the rooms of a node. */
class ArrowsTest {
    private static final String NODE = "io.groupmembership.node";

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(NODE);

    @Test
    void noTwoRoomsNeedEachOther() {
        slices().matching(NODE + ".(*)..").should().beFreeOfCycles().check(classes);
    }

    /** It knows the rules that it carries out, in {@code membership.detection}, and nobody who hears of it. */
    @Test
    void theFailureDetectorKnowsNothingOfTheNode() {
        noClasses()
                .that()
                .resideInAPackage(NODE + ".monitor..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        NODE,
                        NODE + ".api..",
                        NODE + ".raft..",
                        NODE + ".watch..",
                        NODE + ".admin..",
                        NODE + ".duty..",
                        NODE + ".liveness..",
                        NODE + ".identity..")
                .check(classes);
    }

    /** What a node hears goes on to the leader's duty, which hears of nobody who calls it. */
    @Test
    void theLeadersDutyKnowsNeitherTheDetectorNorWhoTalks() {
        noClasses()
                .that()
                .resideInAPackage(NODE + ".liveness..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(NODE + ".duty..", NODE + ".monitor..", NODE + ".api..")
                .check(classes);
    }

    @Test
    void replicationKnowsNothingOfTheApi() {
        noClasses()
                .that()
                .resideInAPackage(NODE + ".raft..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(NODE + ".api..", NODE + ".watch..", NODE + ".admin..", "jakarta.ws.rs..")
                .check(classes);
    }

    @Test
    void onlyReplicationKnowsRatis() {
        noClasses()
                .that()
                .resideOutsideOfPackage(NODE + ".raft..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.ratis..")
                .check(classes);
    }
}
