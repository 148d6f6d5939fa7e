package io.github.semblance;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Holds what ARCHITECTURE.md draws inside the modules. Between modules the compiler holds it: what
 * a module's pom does not name, its code cannot import.
 */
@SuppressWarnings("NullAway.Init") // classes are set before all tests
final class ArchitectureTest {
  private static final String ROOT = "io.github.semblance.";

  private static JavaClasses classes;

  @BeforeAll
  static void read() {
    classes =
        new ClassFileImporter()
            .withImportOption(ArchitectureTest::isNoTest)
            .importPackages("io.github.semblance");
  }

  /** Core's tests come here too, in a folder or in a jar, because other tests use their fakes. */
  private static boolean isNoTest(Location location) {
    return !location.contains("/test-classes/") && !location.contains("-tests.jar");
  }

  @Test
  void packagesOfAModuleDependInTheDirectionsDrawn() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("embed")
        .definedBy(ROOT + "embed")
        .layer("analysis")
        .definedBy(ROOT + "analysis")
        .layer("index")
        .definedBy(ROOT + "index")
        .layer("search")
        .definedBy(ROOT + "search")
        .layer("store")
        .definedBy(ROOT + "store")
        .layer("checkpoint")
        .definedBy(ROOT + "bert.checkpoint")
        .layer("bert")
        .definedBy(ROOT + "bert")
        .layer("corpus")
        .definedBy(ROOT + "corpus")
        .layer("evaluate")
        .definedBy(ROOT + "evaluate")
        .layer("server")
        .definedBy(ROOT + "server")
        .layer("cluster")
        .definedBy(ROOT + "cluster")
        .layer("cli")
        .definedBy(ROOT + "cli")
        .whereLayer("analysis")
        .mayOnlyBeAccessedByLayers("index", "search", "store", "cli")
        .whereLayer("index")
        .mayOnlyBeAccessedByLayers(
            "search", "store", "corpus", "evaluate", "server", "cluster", "cli")
        .whereLayer("search")
        .mayOnlyBeAccessedByLayers("store", "evaluate", "server", "cli")
        .whereLayer("store")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("bert")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("corpus")
        .mayOnlyBeAccessedByLayers("evaluate", "cli")
        .whereLayer("server")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .check(classes);
  }

  @Test
  void noPackageIsPartOfACycle() {
    slices().matching("io.github.semblance.(**)").should().beFreeOfCycles().check(classes);
  }

  @Test
  void thePortDependsOnTheJdkOnly() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "embed")
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages("java..", "org.jspecify..", ROOT + "embed")
        .check(classes);
  }

  @Test
  void onlyTheAdapterNamesTheEngine() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "bert")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl..")
        .check(classes);
  }

  @Test
  void onlyTheCommandLineNamesItsLibraries() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "cli")
        .should()
        .dependOnClassesThat(resideInAPackage("picocli..").or(resideInAPackage("me.tongfei..")))
        .check(classes);
  }

  @Test
  void nobodyButTheCommandLinePrintsOrExits() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "cli")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .check(classes);
  }
}
