package io.groupmembership.protocol;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * What travels is values: the agent carries this module into every process, so it needs the JDK and nothing else. Three
 * rooms touch the world, and say so by their names: clock, which reads one, client, for applications, and tls, which
 * reads certificates.
 */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.groupmembership.protocol");

    @Test
    void classFilesOfThisReleaseAreRead() {
        assertThat(CLASSES.contain(HeartbeatMode.class)).isTrue();
        assertThat(CLASSES.get(HeartbeatMode.class).getMethods()).isNotEmpty();
    }

    @Test
    void theProtocolNeedsTheJdkAlone() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.groupmembership.protocol..",
                        "java..",
                        "javax.net.ssl..",
                        "javax.security.auth.x500..",
                        "javax.naming..",
                        "org.jspecify.annotations..")
                .check(CLASSES);
    }

    @Test
    void theProtocolOpensNoSocketNoFileAndNoThread() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..protocol.clock", "..protocol.client", "..protocol.tls")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.nio.file..", "java.nio.channels..", "java.util.concurrent..", "java.time..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.net\\..*(Socket|Channel|URL|Http|Connection).*")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.(File|FileInputStream|FileOutputStream|RandomAccessFile)")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.lang\\.(Thread|ThreadLocal|Runtime|ProcessBuilder|Process)")
                .check(CLASSES);
    }

    /** An address in a request must never make a node ask a name server. */
    @Test
    void theProtocolResolvesNoName() {
        noClasses()
                .should()
                .callMethod(java.net.InetAddress.class, "getByName", String.class)
                .orShould()
                .callMethod(java.net.InetAddress.class, "getAllByName", String.class)
                .check(CLASSES);
    }

    @Test
    void theProtocolAsksNoClockAndNoDice() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..protocol.clock", "..protocol.client", "..protocol.tls")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.util.UUID.class, "randomUUID")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.(util|security)\\.(.*Random.*)")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("..protocol.clock", "..protocol.client", "..protocol.tls")
                .check(CLASSES);
    }
}
