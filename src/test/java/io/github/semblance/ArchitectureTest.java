package io.github.semblance;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the picture of packages and directions that ARCHITECTURE.md draws. */
@SuppressWarnings("NullAway.Init") // classes are set before all tests
final class ArchitectureTest {
  private static JavaClasses classes;

  @BeforeAll
  static void read() {
    classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.github.semblance");
  }

  @Test
  void packagesDependInTheDirectionsDrawn() {
    String root = "io.github.semblance.";
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("embed")
        .definedBy(root + "embed")
        .layer("checkpoint")
        .definedBy(root + "bert.checkpoint")
        .layer("bert")
        .definedBy(root + "bert")
        .layer("corpus")
        .definedBy(root + "corpus")
        .layer("analysis")
        .definedBy(root + "analysis")
        .layer("index")
        .definedBy(root + "index")
        .layer("search")
        .definedBy(root + "search")
        .optionalLayer("evaluate")
        .definedBy(root + "evaluate")
        .layer("cli")
        .definedBy(root + "cli")
        .layer("opensearch")
        .definedBy(root + "opensearch")
        .layer("cluster")
        .definedBy(root + "cluster")
        .whereLayer("opensearch")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("cluster")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("evaluate")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("search")
        .mayOnlyBeAccessedByLayers("evaluate", "cli", "opensearch")
        .whereLayer("index")
        .mayOnlyBeAccessedByLayers("search", "cli", "opensearch")
        .whereLayer("analysis")
        .mayOnlyBeAccessedByLayers("index", "search", "cli")
        .whereLayer("corpus")
        .mayOnlyBeAccessedByLayers("index", "evaluate", "cluster", "cli")
        .whereLayer("bert")
        .mayOnlyBeAccessedByLayers("cli", "opensearch")
        .whereLayer("checkpoint")
        .mayOnlyBeAccessedByLayers("bert", "cli", "opensearch")
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
        .resideInAPackage("io.github.semblance.embed")
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages("java..", "org.jspecify..", "io.github.semblance.embed")
        .check(classes);
  }

  @Test
  void onlyTheAdapterNamesTheEngine() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.github.semblance.bert")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl..")
        .check(classes);
  }

  @Test
  void onlyThePluginNamesOpenSearch() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.github.semblance.opensearch")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.opensearch..")
        .check(classes);
  }

  @Test
  void onlyTheCommandLineNamesItsLibraries() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.github.semblance.cli")
        .should()
        .dependOnClassesThat(resideInAPackage("picocli..").or(resideInAPackage("me.tongfei..")))
        .check(classes);
  }

  @Test
  void nobodyButTheCommandLinePrintsOrExits() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.github.semblance.cli")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .check(classes);
  }
}
