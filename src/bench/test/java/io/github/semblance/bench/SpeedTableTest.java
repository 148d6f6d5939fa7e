package io.github.semblance.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpeedTableTest {
  @TempDir private Path folder;

  @Test
  void eachProcessorHasATableAndEachRunARow() throws IOException {
    Path file = folder.resolve("page.md");
    Files.writeString(file, "# Runs\n");
    SpeedTable.add(file, "one", "| a |");
    SpeedTable.add(file, "two", "| b |");
    SpeedTable.add(file, "one", "| c |");
    List<String> lines = Files.readAllLines(file);
    assertEquals("# Runs", lines.get(0));
    assertEquals(
        List.of("### one", "| a |", "| c |", "### two", "| b |"),
        lines.stream()
            .filter(line -> line.startsWith("### ") || line.length() == "| a |".length())
            .toList());
    assertEquals(2, lines.stream().filter(line -> line.startsWith("| date |")).count());
  }
}
