package io.groupmembership.operator;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.groupmembership.operator.pod.PodView;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
    private static final JavaClasses OPERATOR = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.groupmembership.operator");

    @Test
    void classFilesOfThisReleaseAreRead() {
        assertThat(OPERATOR.get(PodView.class).getMethods()).isNotEmpty();
    }

    @Test
    void ofTheOtherRoomsTheOperatorKnowsTheCustomResourcesTheProtocolAndCertificatesOnly() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("io.groupmembership..")
                        .and(not(resideInAnyPackage(
                                "io.groupmembership.operator..",
                                "io.groupmembership.crds..",
                                "io.groupmembership.certificates..",
                                "io.groupmembership.protocol.."))))
                .check(OPERATOR);
    }

    @Test
    void noPackageNeedsOneThatNeedsIt() {
        slices().matching("io.groupmembership.operator.(*)..")
                .should()
                .beFreeOfCycles()
                .check(OPERATOR);
    }

    /** The root package puts the parts together; it is not a part. */
    @Test
    void nothingNeedsTheRootPackage() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.groupmembership.operator")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.groupmembership.operator")
                .check(OPERATOR);
    }
}
