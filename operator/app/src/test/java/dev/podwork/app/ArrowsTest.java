package dev.podwork.app;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

/** The arrows of docs/design.md. */
@AnalyzeClasses(packages = "dev.podwork", importOptions = ImportOption.DoNotIncludeTests.class)
class ArrowsTest {

    @ArchTest
    static final ArchRule modulesDependAsTheMapSays = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("api")
            .definedBy("dev.podwork.api..")
            .layer("protocol")
            .definedBy("dev.podwork.protocol..")
            .layer("core")
            .definedBy("dev.podwork.core..")
            .layer("context")
            .definedBy("dev.podwork.context..")
            .layer("controller")
            .definedBy("dev.podwork.controller..")
            .layer("app")
            .definedBy("dev.podwork.app..")
            .whereLayer("app")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("controller")
            .mayOnlyBeAccessedByLayers("app")
            .whereLayer("context")
            .mayOnlyBeAccessedByLayers("app")
            .whereLayer("protocol")
            .mayOnlyBeAccessedByLayers("context", "app")
            .whereLayer("core")
            .mayOnlyBeAccessedByLayers("context", "controller", "app")
            .whereLayer("api")
            .mayOnlyBeAccessedByLayers("core", "context", "controller", "app");

    @ArchTest
    static final ArchRule decisionsDoNoInputOrOutput = ArchRuleDefinition.noClasses()
            .that()
            .resideInAPackage("dev.podwork.core..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.fabric8.kubernetes.client..",
                    "io.vertx..",
                    "java.net..",
                    "java.nio.file..",
                    "io.javaoperatorsdk..");

    @ArchTest
    static final ArchRule decisionsHaveNoClockOfTheirOwn = ArchRuleDefinition.noClasses()
            .that()
            .resideInAPackage("dev.podwork.core..")
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule protocolKnowsNoKubernetes = ArchRuleDefinition.noClasses()
            .that()
            .resideInAPackage("dev.podwork.protocol..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fabric8..");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("dev.podwork.(*).(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nothingIsCalledUtils = ArchRuleDefinition.noClasses()
            .should()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .resideInAPackage("..utils..");
}
