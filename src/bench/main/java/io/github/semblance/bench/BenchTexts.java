package io.github.semblance.bench;

import io.github.semblance.corpus.CorpusReader;
import io.github.semblance.corpus.CorpusRecord;
import io.github.semblance.corpus.FieldMapping;
import io.github.semblance.index.SourceDocument;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Texts to embed: FAQ entries and abstracts where they lie beside the project, else the sample. */
final class BenchTexts {
  private static final Path FAQ = Path.of("../shared/data/faq/documents-with-ids.json");
  private static final Path SCIFACT = Path.of("../shared/data/scifact/corpus.jsonl");
  private static final Path SAMPLE = Path.of("data/faq/documents.json");

  private BenchTexts() {}

  /** Titles and texts as one string each, spread evenly over the collections. */
  static List<String> documents(int count) {
    List<String> texts = new ArrayList<>();
    if (Files.exists(FAQ) && Files.exists(SCIFACT)) {
      texts.addAll(spread(read(FAQ), count / 2));
      texts.addAll(spread(read(SCIFACT), count - count / 2));
    } else {
      texts.addAll(spread(read(SAMPLE), count));
    }
    return texts;
  }

  /** Titles alone: as short as queries. */
  static List<String> queries(int count) {
    List<String> titles = new ArrayList<>();
    for (SourceDocument document : documentsOf(Files.exists(FAQ) ? FAQ : SAMPLE)) {
      titles.add(document.title());
    }
    return spread(titles, count);
  }

  /** Whole abstracts, or entries of the sample, spread evenly over all; each once. */
  static List<SourceDocument> wholeDocuments(int count) {
    List<SourceDocument> all = documentsOf(Files.exists(SCIFACT) ? SCIFACT : SAMPLE);
    return spread(all, Math.min(count, all.size()));
  }

  /** Which collections the texts are from. */
  static String source() {
    return Files.exists(FAQ) && Files.exists(SCIFACT) ? "faq and scifact" : "data/";
  }

  /** Repeats a list that is too short. */
  private static <T> List<T> spread(List<T> texts, int count) {
    List<T> chosen = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      chosen.add(
          count <= texts.size()
              ? texts.get((int) ((long) i * texts.size() / count))
              : texts.get(i % texts.size()));
    }
    return chosen;
  }

  private static List<String> read(Path file) {
    return documentsOf(file).stream().map(d -> d.title() + "\n" + d.text()).toList();
  }

  private static List<SourceDocument> documentsOf(Path file) {
    List<SourceDocument> documents = new ArrayList<>();
    try (CorpusReader reader = CorpusReader.open(List.of(file.toString()), FieldMapping.DEFAULT)) {
      while (reader.hasNext()) {
        if (reader.next() instanceof CorpusRecord.Document found) {
          documents.add(found.document());
        }
      }
    }
    return documents;
  }
}
