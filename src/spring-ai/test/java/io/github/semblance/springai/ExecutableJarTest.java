package io.github.semblance.springai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.springai.sample.SampleApplication;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.loader.tools.Library;
import org.springframework.boot.loader.tools.LibraryScope;
import org.springframework.boot.loader.tools.Repackager;

/**
 * The sample application as Boot packs it, natives, weights and services in nested jars, started
 * with {@code java -jar}.
 */
final class ExecutableJarTest {
  /** On the class path of the tests and not of an application. */
  private static final Pattern FOR_TESTS =
      Pattern.compile(
          ".*(junit|opentest4j|apiguardian|assertj|hamcrest|mockito|byte-buddy|objenesis|awaitility"
              + "|archunit|lucene-test|lucene-codecs|randomizedtesting|spring-test|boot-test"
              + "|loader-tools|configuration-processor|micrometer-observation-test|semblance-core-tests"
              + "|surefire|-tests\\.jar).*");

  /** Generous: the machine may be busy. */
  private static final int LIMIT_S = 300;

  private static final String SAMPLE = SampleApplication.class.getPackageName().replace('.', '/');

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  Path folder;

  @Test
  void theSampleAnswersFromItsJar() throws IOException, InterruptedException {
    Path jar = executableJar();
    Path output = folder.resolve("output");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "--add-modules",
            "jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-jar",
            jar.toString(),
            "--semblance.vectorstore.path=" + folder.resolve("index"),
            "Is it too late to enrol?");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(LIMIT_S, TimeUnit.SECONDS);
    process.destroyForcibly();
    String said = Files.readString(output);
    assertTrue(ended, () -> "no end after " + LIMIT_S + " s:\n" + said);
    assertTrue(said.contains("answer: You can join after the start date."), said);
    assertEquals(0, process.exitValue(), said);
  }

  private Path executableJar() throws IOException {
    Set<Path> jars = new LinkedHashSet<>();
    List<Path> classes = new ArrayList<>();
    List<String> classPath =
        Pattern.compile(File.pathSeparator, Pattern.LITERAL)
            .splitAsStream(System.getProperty("java.class.path"))
            .toList();
    for (String entry : classPath) {
      Path path = Path.of(entry);
      if (Files.isDirectory(path)) {
        classes.add(path);
      } else if (Files.exists(path)
          && !FOR_TESTS.matcher(path.getFileName().toString()).matches()) {
        jars.add(path);
      }
    }
    Path application = folder.resolve("application.jar");
    jar(application, classes, true);
    int number = 0;
    for (Path module : classes) {
      Path packed = folder.resolve("module" + number++ + ".jar");
      jar(packed, List.of(module), false);
      jars.add(packed);
    }
    Path executable = folder.resolve("sample.jar");
    Repackager repackager = new Repackager(application.toFile());
    repackager.setMainClass(SampleApplication.class.getName());
    repackager.repackage(
        executable.toFile(),
        libraries -> {
          for (Path jar : jars) {
            libraries.library(new Library(jar.toFile(), LibraryScope.COMPILE));
          }
        });
    return executable;
  }

  /** Packs folders of classes: those of the application, or all but those and other tests'. */
  private static void jar(Path target, List<Path> folders, boolean sample) throws IOException {
    try (OutputStream file = Files.newOutputStream(target);
        JarOutputStream jar = new JarOutputStream(file)) {
      Set<String> packed = new LinkedHashSet<>();
      for (Path from : folders) {
        try (Stream<Path> files = Files.walk(from)) {
          for (Path path : files.filter(Files::isRegularFile).sorted().toList()) {
            String name = from.relativize(path).toString().replace(File.separatorChar, '/');
            boolean ofSample = name.startsWith(SAMPLE);
            if (ofSample == sample && !isTest(name) && packed.add(name)) {
              jar.putNextEntry(new JarEntry(name));
              jar.write(Files.readAllBytes(path));
              jar.closeEntry();
            }
          }
        }
      }
      if (packed.isEmpty()) {
        jar.putNextEntry(new JarEntry("META-INF/"));
        jar.closeEntry();
      }
    }
  }

  private static boolean isTest(String name) {
    return name.contains("Test") || name.contains("BagOfWords");
  }

  @Test
  void theDocumentShowsTheSample() throws IOException {
    String source =
        Files.readString(
            Path.of(
                "src/spring-ai/test/java/io/github/semblance/springai/sample/"
                    + "SampleApplication.java"),
            StandardCharsets.UTF_8);
    int start = source.indexOf('\n', source.indexOf("// tag::example")) + 1;
    String lines = source.substring(start, source.indexOf("  // end::example"));
    String shown = lines.stripTrailing().replaceAll("(?m)^  ", "");
    String page = Files.readString(Path.of("docs/spring-ai.md"));
    assertTrue(page.contains(shown), "docs/spring-ai.md must show:\n" + shown);
  }
}
