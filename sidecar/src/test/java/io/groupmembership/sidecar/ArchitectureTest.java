package io.groupmembership.sidecar;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.groupmembership.sidecar.member.Backoff;
import io.groupmembership.sidecar.member.JoinDecision;
import io.groupmembership.sidecar.member.PresenceDecision;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses AGENT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.groupmembership.sidecar");

    @Test
    void anAgentStandsOnTheRuntimeTheProtocolAndAJsonParserAlone() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.groupmembership.sidecar..",
                        "io.groupmembership.protocol..",
                        "com.fasterxml.jackson.core..",
                        "java..",
                        "javax.net.ssl",
                        "org.jspecify.annotations")
                .check(AGENT);
    }

    @Test
    void anAgentLoadsNoHeavyClient() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.net.http..", "java.util.logging..", "javax..")
                        .and(not(resideInAPackage("javax.net.ssl"))))
                .check(AGENT);
    }

    @Test
    void decisionsKnowNeitherInputNorOutputNorTime() {
        classes()
                .that()
                .belongToAnyOf(Backoff.class, JoinDecision.class, PresenceDecision.class)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.groupmembership.sidecar.member",
                        "io.groupmembership.sidecar.cluster",
                        "io.groupmembership.protocol..",
                        "java.lang..",
                        "java.time",
                        "java.util..",
                        "org.jspecify.annotations")
                .check(AGENT);
    }
}
