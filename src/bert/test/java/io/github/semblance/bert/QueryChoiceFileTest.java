package io.github.semblance.bert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.bert.QueryChoice.Length;
import io.github.semblance.bert.QueryChoice.Times;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QueryChoiceFileTest {
  private static final QueryChoice CHOICE =
      new QueryChoice(
          List.of(
              new Length(8, "8X3 int16 in 512 bits", new Times(1.5, 1.75), new Times(3, 4.25)),
              new Length(16, "libtorch", new Times(3.5, 4.5), new Times(3.5, 4.5))));

  @TempDir private Path folder;

  private QueryChoiceFile file(String circumstances) {
    return new QueryChoiceFile(folder.resolve("queries"), "abc", circumstances);
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    assertEquals(Optional.empty(), file("Java 25").read());
    file("Java 25").write(CHOICE);
    assertEquals(Optional.of(CHOICE), file("Java 25").read());
  }

  @Test
  void otherCircumstancesReplaceIt() throws IOException {
    file("Java 25").write(CHOICE);
    assertEquals(Optional.empty(), file("Java 26").read());
    file("Java 26").write(CHOICE);
    assertEquals(Optional.of(CHOICE), file("Java 26").read());
    try (var files = Files.list(folder.resolve("queries"))) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void anotherModelHasAnotherFile() {
    file("Java 25").write(CHOICE);
    assertEquals(
        Optional.empty(), new QueryChoiceFile(folder.resolve("queries"), "abd", "Java 25").read());
  }

  @Test
  void whatIsDamagedIsIgnoredAndReplaced() throws IOException {
    QueryChoiceFile file = file("Java 25");
    file.write(CHOICE);
    List<String> lines = Files.readAllLines(file.path());
    for (int damaged = 0; damaged < lines.size(); damaged++) {
      List<String> others = new ArrayList<>(lines);
      others.set(damaged, lines.get(damaged) + " x");
      Files.write(file.path(), others);
      assertEquals(Optional.empty(), file.read(), others.toString());
    }
    Files.writeString(
        file.path(), String.join("\n", lines.subList(0, 2)) + "\n" + "9".repeat(1 << 20));
    assertEquals(Optional.empty(), file.read());
    Files.write(file.path(), new byte[] {-1, 0, 7});
    assertEquals(Optional.empty(), file.read());
    file.write(CHOICE);
    assertEquals(Optional.of(CHOICE), file.read());
  }

  @Test
  void whatIsOldIsMeasuredAgain() throws IOException {
    QueryChoiceFile file = file("Java 25");
    file.write(CHOICE);
    Files.setLastModifiedTime(file.path(), FileTime.from(Instant.now().minus(Duration.ofDays(31))));
    assertEquals(Optional.empty(), file.read());
  }

  @Test
  void aFolderThatCannotBeWrittenLosesNothing() throws IOException {
    Files.writeString(folder.resolve("queries"), "a file in its place");
    file("Java 25").write(CHOICE);
    assertEquals(Optional.empty(), file("Java 25").read());
  }

  @Test
  void aLengthIsAnsweredByTheFirstThatReachesIt() {
    assertEquals("8X3 int16 in 512 bits", CHOICE.of(1));
    assertEquals("8X3 int16 in 512 bits", CHOICE.of(8));
    assertEquals("libtorch", CHOICE.of(9));
    assertEquals("libtorch", CHOICE.of(300));
    assertTrue(CHOICE.isAmong(List.of("8X3 int16 in 512 bits")));
    assertFalse(CHOICE.isAmong(List.of("8X3 int16 in 256 bits")));
  }

  @Test
  void manyLongTailsAreASignOfOtherWork() {
    assertTrue(CHOICE.isCalm());
    Times stalling = new Times(2, 3.5);
    assertFalse(new QueryChoice(List.of(new Length(8, "a", stalling, stalling))).isCalm());
  }

  @Test
  void tellsWhatWasChosenAndWhy() {
    assertEquals(
        "median/90th percentile in ms by word pieces: up to 8 8X3 int16 in 512 bits 1.50/1.75,"
            + " libtorch 3.00/4.25; up to 16 libtorch 3.50/4.50; more libtorch",
        CHOICE.toString());
  }
}
