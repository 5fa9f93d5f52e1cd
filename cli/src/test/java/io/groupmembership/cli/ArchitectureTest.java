package io.groupmembership.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
    private static final JavaClasses CLI = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.groupmembership.cli");

    @Test
    void ofTheOtherRoomsTheCliKnowsTheProtocolAndCertificatesOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.groupmembership.cli..",
                        "io.groupmembership.protocol..",
                        "io.groupmembership.certificates..",
                        "java..",
                        "javax.net.ssl..",
                        "com.sun.net.httpserver..",
                        "com.fasterxml.jackson..",
                        "picocli..",
                        "org.HdrHistogram..",
                        "org.jspecify..")
                .check(CLI);
    }

    @Test
    void onlyTheProgramItselfEndsTheProcess() {
        noClasses()
                .that()
                .doNotHaveSimpleName("Main")
                .should()
                .callMethod(System.class, "exit", int.class)
                .check(CLI);
    }
}
