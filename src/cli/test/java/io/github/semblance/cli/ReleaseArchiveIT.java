package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unpacks the release archive and runs it with a JDK alone, as who downloads it does. */
final class ReleaseArchiveIT {
  private static String run(Path folder, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("PATH", "/usr/bin:/bin");
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said;
  }

  @Test
  void runsFromUnpacking(@TempDir Path folder) throws IOException, InterruptedException {
    Path archive;
    try (Stream<Path> files = Files.list(Path.of("target/semblance-cli"))) {
      archive = files.filter(file -> file.toString().endsWith(".tar.gz")).findFirst().orElseThrow();
    }
    assumeTrue(Files.exists(Path.of("/bin/tar")), "there is no tar here");
    String unused = run(folder, "tar", "xzf", archive.toAbsolutePath().toString());
    Path home;
    try (Stream<Path> files = Files.list(folder)) {
      home = files.findFirst().orElseThrow();
    }
    String program = home.resolve("bin/semblance").toString();
    String first = run(folder, program, "--version");
    assertTrue(first.startsWith("semblance: preparing for quick starts, once\n"), first);
    assertTrue(run(folder, program, "--version").startsWith("semblance 0."));
    String built =
        run(
            folder,
            program,
            "index",
            home.resolve("data/faq/documents.json").toString(),
            "--index",
            "index",
            "--no-tune");
    assertTrue(built.contains("Indexed 241 documents"), built);
    assertTrue(built.lines().noneMatch(line -> line.startsWith("WARNING: ")), built);
    String found = run(folder, program, "search", "can I join late", "--index", "index");
    assertTrue(found.startsWith(" 1. "), found);
    Files.writeString(folder.resolve("lines"), "can I join late\n");
    String piped =
        run(folder, "sh", "-c", program + " search --index index --top 1 --debug <lines");
    assertTrue(piped.contains("Java vector incubator API enabled"), piped);
    assertFalse(piped.contains("Using incubator modules"), piped);
    for (String file :
        List.of(
            "share/man1/semblance-search.1",
            "share/completion/semblance.fish",
            "docs/command-line.md",
            "LICENSE")) {
      assertTrue(Files.exists(home.resolve(file)), file);
    }
  }
}
