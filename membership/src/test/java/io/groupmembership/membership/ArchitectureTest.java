package io.groupmembership.membership;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rules stand alone: no I/O, no thread, no clock, no chance. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.groupmembership.membership");

    @Test
    void classFilesOfThisReleaseAreRead() {
        assertThat(CLASSES.contain(MembershipState.class)).isTrue();
        assertThat(CLASSES.get(MembershipState.class).getMethods()).isNotEmpty();
    }

    @Test
    void theRulesNeedTheProtocolAndTheJdkAlone() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.groupmembership.membership..",
                        "io.groupmembership.protocol..",
                        "java..",
                        "org.jspecify.annotations..")
                .check(CLASSES);
    }

    @Test
    void theRulesTouchNoNetworkNoFileAndNoThread() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.net..", "java.nio.file..", "java.nio.channels..", "java.util.concurrent..", "java.time..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.lang\\.(Thread|ThreadLocal|Runtime|ProcessBuilder|Process)")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.(File|FileInputStream|FileOutputStream|RandomAccessFile)")
                .check(CLASSES);
    }

    @Test
    void theRulesAskNoClockAndNoDice() {
        noClasses()
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.util.UUID.class, "randomUUID")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(System.class, "identityHashCode", Object.class)
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.(util|security)\\.(.*Random.*)")
                .check(CLASSES);
    }
}
