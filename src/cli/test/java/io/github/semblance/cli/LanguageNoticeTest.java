package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.analysis.NamedAnalyzer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LanguageNoticeTest {
  @Test
  void saysWhatTheModelKnowsAndWhichKnowsMore() {
    assertEquals(
        Optional.of(
            "the analyzer is german and the model all-MiniLM-L6-v2 knows en only; search by meaning"
                + " will find little, models for that language are multilingual-e5-small,"
                + " multilingual-e5-base, paraphrase-multilingual-MiniLM-L12-v2"),
        LanguageNotice.of(NamedAnalyzer.GERMAN, "all-MiniLM-L6-v2"));
  }

  @Test
  void indexSaysSo(@TempDir Path folder) throws IOException {
    Path input = folder.resolve("in.jsonl");
    Files.writeString(input, "{\"id\":\"1\",\"text\":\"Kann ich noch anfangen?\"}\n");
    Run run =
        Run.of(
            "index",
            input.toString(),
            "--index",
            folder.resolve("index").toString(),
            "--analyzer",
            "german");
    assertEquals(0, run.code());
    assertTrue(run.err().startsWith("semblance: the analyzer is german and the model"), run.err());
  }

  @ParameterizedTest
  @CsvSource({
    "ENGLISH, all-MiniLM-L6-v2",
    "STANDARD, all-MiniLM-L6-v2",
    "GERMAN, multilingual-e5-small",
    "GERMAN, hf:intfloat/multilingual-e5-base",
    "NORWEGIAN, paraphrase-multilingual-MiniLM-L12-v2",
    "GERMAN, hf:some/model",
    "GERMAN, some/folder"
  })
  void saysNothingWhereTheModelKnowsItOrNobodyKnows(NamedAnalyzer analyzer, String model) {
    assertTrue(LanguageNotice.of(analyzer, model).isEmpty());
  }

  /** A new analyzer must not slip through: every language is known to some model but Kurdish's. */
  @Test
  void everyLanguageHasAModel() {
    for (NamedAnalyzer analyzer : NamedAnalyzer.values()) {
      String notice =
          LanguageNotice.of(analyzer, "all-MiniLM-L6-v2").orElse("multilingual-e5-small");
      assertTrue(notice.contains("multilingual-e5-small"), notice);
    }
  }
}
