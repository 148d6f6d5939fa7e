package io.github.semblance.cli;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Runs the launcher, as it lies in a release, with a JDK that only tells what it is asked for. */
@SuppressWarnings("NullAway.Init") // set before all tests
final class LauncherTest {
  private static final String JAVA =
      """
      #!/bin/sh
      echo 'WARNING: Using incubator modules: jdk.incubator.vector' >&2
      echo 'something else' >&2
      echo "$@"
      cat
      """;

  private static Path home;
  private static Path launcher;

  @BeforeAll
  static void unpack(@TempDir Path folder) throws IOException {
    assumeTrue(Files.exists(Path.of("/bin/sh")), "there is no shell here");
    home = folder.resolve("jdk");
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"21.0.1\"\n");
    program(home.resolve("bin/java"), JAVA);
    launcher = Files.createDirectories(folder.resolve("semblance/bin")).resolve("semblance");
    Files.createFile(folder.resolve("semblance/semblance-cli.jar"));
    program(launcher, Files.readString(source()));
  }

  private static Path source() {
    return Path.of("semblance");
  }

  private static void program(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Process start(String arguments) throws IOException {
    return start(launcher, arguments);
  }

  private static Process start(Path program, String arguments) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(program.toString());
    builder.command().addAll(List.of(arguments.split(" ", -1)));
    builder.environment().put("JAVA_HOME", home.toString());
    return builder.start();
  }

  private static String said(InputStream stream) throws IOException {
    return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
  }

  /** What answers one question is over before the module would pay. */
  @ParameterizedTest
  @CsvSource({
    "search --index x, true",
    "search --index=x --json --top 3, true",
    "search --mode bm25 --index x --explain, true",
    "search question --index x, false",
    "search --index x --json question, false",
    "search --index x -- question, false",
    "search --index x --like id, false",
    "search --index x --help, false",
    "index in --index x, true",
    "models, false"
  })
  void theVectorApiIsForCommandsThatGoOn(String arguments, boolean wanted)
      throws IOException, InterruptedException {
    Process process = start(arguments);
    process.getOutputStream().close();
    String out = said(process.getInputStream());
    assertEquals(0, process.waitFor(), out);
    assertEquals(wanted, out.contains("--add-modules jdk.incubator.vector"), out);
    assertTrue(out.strip().endsWith("semblance-cli.jar " + arguments), out);
  }

  @Test
  void aSessionReadsItsInputAndIsNotWarned() throws IOException, InterruptedException {
    Process process = start("search --index x");
    process.getOutputStream().write("a question\n".getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    assertTrue(said(process.getInputStream()).endsWith("\na question\n"));
    assertEquals("something else\n", said(process.getErrorStream()));
    assertEquals(0, process.waitFor());
  }

  /** A launcher beside a runtime whose {@code java} is one command of the shell. */
  private static Path withRuntime(Path folder, String java) throws IOException {
    Path moved = Files.createDirectories(folder.resolve("bin")).resolve("semblance");
    program(moved, Files.readString(source()));
    Files.createFile(folder.resolve("semblance-cli.jar"));
    Files.createDirectories(folder.resolve("runtime/bin"));
    program(folder.resolve("runtime/bin/java"), "#!/bin/sh\n" + java + "\n");
    return moved;
  }

  /** What jlink makes of a JDK travels in the folder. */
  @Test
  void aRuntimeInTheFolderGoesFirst(@TempDir Path folder) throws IOException {
    Path moved = withRuntime(folder, "echo its own");
    Process process = start(moved, "models");
    assertEquals("its own\n", said(process.getInputStream()));
  }

  /** Java takes the C locale for one that is not installed, and garbles arguments. */
  @Test
  void aLocaleThatIsNotInstalledIsReplaced(@TempDir Path folder) throws IOException {
    Path moved = withRuntime(folder, "echo \"$LC_ALL\"");
    ProcessBuilder builder = new ProcessBuilder(moved.toString(), "models");
    builder.environment().put("LC_ALL", "xx_XX.UTF-8");
    assertEquals("C.UTF-8\n", said(builder.start().getInputStream()));
  }

  @Test
  void nobodyNeedsAHome() throws IOException {
    ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "--version");
    builder.environment().keySet().removeAll(Set.of("HOME", "JAVA_HOME"));
    builder.environment().put("PATH", "/usr/bin:/bin");
    String err = said(builder.start().getErrorStream());
    assertFalse(err.contains("HOME: "), err);
  }

  /** An option that the launcher takes for one with a value would swallow the question. */
  @Test
  void theLauncherKnowsTheSwitchesOfSearch() throws IOException {
    Set<String> switches = new TreeSet<>();
    CommandLine search =
        Semblance.commandLine(Streams.ofProcess(System.out)).getSubcommands().get("search");
    for (OptionSpec option : requireNonNull(search).getCommandSpec().options()) {
      if (SessionSettings.isSwitch(option) && !option.usageHelp() && !option.versionHelp()) {
        switches.add(option.longestName());
      }
    }
    Matcher known =
        Pattern.compile("(?m)^ +(--allow-torchscript .*)\\) ;;$")
            .matcher(Files.readString(source()));
    assertTrue(known.find());
    assertEquals(switches, new TreeSet<>(Set.of(known.group(1).split(" \\| ", -1))));
  }
}
