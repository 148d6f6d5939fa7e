package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is printed is the same for users of any language, whose digits may be others. */
final class LocaleTest {
  /** A duration, a rate, and what is padded to be as wide. */
  private static final String MEASURED = " *[0-9][0-9.,]* (ms|s|MB|word pieces/s)\\b";

  /** All that commands say in one language, with what cannot be equal twice left out. */
  private static List<String> said(Locale locale, Path folder) throws IOException {
    Locale before = Locale.getDefault();
    Locale.setDefault(locale);
    try {
      Files.createDirectories(folder);
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < 1_001; i++) {
        lines.append("{\"id\":\"").append(i).append("\",\"title\":\"late\",\"text\":\"start\"}\n");
      }
      String input = Files.writeString(folder.resolve("in.jsonl"), lines).toString();
      String index = folder.resolve("index").toString();
      String model = TinyModel.write(folder.resolve("tiny"), 1);
      Path damaged = folder.resolve("damaged");
      TinyModel.write(damaged, 1);
      Files.write(damaged.resolve("model.safetensors"), new byte[3]);
      List<String> said = new ArrayList<>();
      for (List<String> command :
          List.of(
              List.of("index", input, "--index", index, "--model", model, "--no-tune"),
              List.of("search", "start late", "--index", index, "--model", model, "--explain"),
              List.of("search", "late", "--index", index, "--mode", "bm25", "--top", "1001"),
              List.of("search", "late", "--index", index, "--model", model, "--top", "0"),
              List.of("embed", "start", "--model", model),
              List.of("doctor", "--model", damaged.toString()))) {
        Run run = Run.of(command.toArray(String[]::new));
        said.add(
            (command + " " + run.code() + "\n" + run.out() + run.err())
                .replace(folder.toString(), "FOLDER")
                .replaceAll("\"took_ms\":[0-9.]*", "")
                .replaceAll(MEASURED, ""));
      }
      return said;
    } finally {
      Locale.setDefault(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar-EG-u-nu-arab", "de-DE", "tr-TR"})
  void commandsSayTheSame(String language, @TempDir Path folder) throws IOException {
    List<String> expected = said(Locale.ROOT, folder.resolve("a"));
    List<String> said = said(Locale.forLanguageTag(language), folder.resolve("b"));
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i), said.get(i));
    }
  }

  /** The library that writes help sorts options by letters, which are others in Turkish. */
  @Test
  void librariesGoByNoLanguageEither() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.language=tr",
                "-cp",
                System.getProperty("java.class.path"),
                Semblance.class.getName(),
                "search",
                "--help")
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    assertEquals(Run.of("search", "--help").out(), said);
  }
}
