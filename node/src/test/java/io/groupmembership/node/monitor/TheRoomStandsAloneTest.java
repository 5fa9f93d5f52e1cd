package io.groupmembership.node.monitor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class TheRoomStandsAloneTest {
    @Test
    void theMonitorNeedsNothingOfTheNodeButTheRulesAndTheProtocol() {
        JavaClasses monitor = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.groupmembership.node.monitor");
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.groupmembership.node.monitor",
                        "io.groupmembership.membership",
                        "io.groupmembership.membership.detection",
                        "io.groupmembership.protocol..",
                        "java..",
                        "com.sun.management",
                        "org.agrona..",
                        "org.jspecify..")
                .check(monitor);
    }
}
