package io.groupmembership.certificates;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void certificatesAreMadeWithoutFilesAndWithoutTheOtherRooms() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.groupmembership.certificates",
                        "org.bouncycastle..",
                        "java.io",
                        "java.lang..",
                        "java.math",
                        "java.nio.charset",
                        "java.security..",
                        "java.time",
                        "java.util..",
                        "javax.security.auth.x500",
                        "org.jspecify.annotations")
                .check(new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("io.groupmembership.certificates"));
    }
}
