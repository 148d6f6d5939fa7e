package io.github.semblance.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Inputs of each format, changed in structure and in bytes. Whatever comes of them, it is records
 * or words about a file and, where it has lines, a line. {@code -Dsemblance.mutants=N} for more of
 * them, {@code -Dsemblance.seed=N} for others.
 */
class HostileCorporaTest extends CorpusFixture {
  private static final int MUTANTS = Integer.getInteger("semblance.mutants", 3000);
  private static final long SEED = Long.getLong("semblance.seed", 20_25);
  private static final Path OPEN_FILES = Path.of("/proc/self/fd");

  /** What became of the mutants. */
  private enum Outcome {
    ALL_READ,
    SOME_REPORTED,
    ENDED_IN_A_FILE,
    REFUSED
  }

  @Test
  void eachIsReadOrReported() throws IOException {
    Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    long records = 0;
    long reported = 0;
    readOne(0); // what is opened once is opened
    long openBefore = openFiles();
    for (int i = 0; i < MUTANTS; i++) {
      Reading reading = readOne(i);
      outcomes.merge(reading.outcome(), 1, Integer::sum);
      records += reading.documents();
      reported += reading.rejected();
    }
    assertEquals(openBefore, openFiles(), "files were left open");
    String summary = outcomes + ", " + records + " documents, " + reported + " reported";
    System.out.println(
        "hostile corpora: " + summary + ", heap at most " + peak() / 1_000_000 + " MB");
    for (Outcome outcome : Outcome.values()) {
      assertTrue(outcomes.containsKey(outcome), "the mutants are too tame: " + summary);
    }
  }

  private record Reading(Outcome outcome, long documents, long rejected) {}

  private Reading readOne(int number) throws IOException {
    Random random = new Random(SEED + number);
    CorpusMutator.Input input = CorpusMutator.mutant(random);
    Path file = folder.resolve(input.name());
    Files.createDirectories(parent(file));
    Files.write(file, input.content());
    String path = input.isFolder() ? parent(file).toString() : file.toString();
    String what = "mutant " + number + " of seed " + SEED + ", " + input.name() + ": ";
    long documents = 0;
    long rejected = 0;
    try (CorpusReader reader = CorpusReader.open(List.of(path), FieldMapping.DEFAULT)) {
      while (reader.hasNext()) {
        CorpusRecord record = reader.next();
        assertPlace(what, file, input, record.location());
        if (record instanceof CorpusRecord.Rejected bad) {
          assertTrue(!bad.reason().isBlank(), what + "no reason");
          rejected++;
        } else {
          documents++;
        }
      }
      return new Reading(
          rejected == 0 ? Outcome.ALL_READ : Outcome.SOME_REPORTED, documents, rejected);
    } catch (UnknownFieldException e) {
      return new Reading(Outcome.REFUSED, documents, rejected);
    } catch (CorpusException e) {
      assertTrue(String.valueOf(e.getMessage()).contains(file.toString()), what + e);
      boolean line = String.valueOf(e.getMessage()).matches("(?s).*(:\\d+:|in line \\d+).*");
      assertTrue(line || documents + rejected == 0, what + "no line: " + e);
      return new Reading(line ? Outcome.ENDED_IN_A_FILE : Outcome.REFUSED, documents, rejected);
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError(what + e, e);
    } finally {
      Files.delete(file);
    }
  }

  private static Path parent(Path file) {
    return Objects.requireNonNull(file.getParent());
  }

  private static void assertPlace(
      String what, Path file, CorpusMutator.Input input, Location location) {
    assertEquals(file.toString(), location.source(), what);
    long lines =
        new String(input.content(), StandardCharsets.ISO_8859_1).split("\r\n|\n|\r", -1).length;
    long least = input.content().length == 0 || parent(file).endsWith("docs") ? 0 : 1;
    assertTrue(
        location.line() >= least && location.line() <= lines, what + location + " of " + lines);
  }

  private static long openFiles() throws IOException {
    if (!Files.isDirectory(OPEN_FILES)) {
      return 0;
    }
    long open = 0;
    try (Stream<Path> files = Files.list(OPEN_FILES)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        open += target(file).contains("junit") ? 1 : 0;
      }
    }
    return open;
  }

  private static String target(Path file) {
    try {
      return Files.readSymbolicLink(file).toString();
    } catch (IOException e) {
      return ""; // closed since: the listing itself
    }
  }

  private static long peak() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .map(MemoryPoolMXBean::getPeakUsage)
        .mapToLong(usage -> usage.getUsed())
        .sum();
  }
}
