package io.github.semblance.cli;

import io.github.semblance.corpus.CorpusReader;
import io.github.semblance.corpus.FieldMapping;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.search.Hit;
import io.github.semblance.search.SearchMode;
import io.github.semblance.search.SearchRequest;
import io.github.semblance.search.SemanticSearcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code demo}: the whole path, on the sample corpus of the source checkout. */
@Command(
    name = "demo",
    description = {
      "Indexes the sample questions and answers in data/ and asks one question three ways."
    })
final class Demo implements Callable<Integer> {
  private static final String QUESTION = "I just signed up. Is it too late to join the course?";
  private static final int TOP = 5;
  private static final int NUMBER = 2;
  private static final int GAP = 2;

  @ParentCommand private Semblance semblance;
  @Mixin private ModelOptions model;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  Demo() {}

  @Override
  public Integer call() throws IOException, CommandFailure {
    Streams streams = semblance.streams();
    Path home = SourceCheckout.find();
    Path corpus = SourceCheckout.sample(home);
    Path folder = home.resolve("index/demo");
    Path shown = Path.of("").toAbsolutePath().relativize(folder);
    Map<SearchMode, List<Hit>> answers;
    try (CorpusReader documents =
            CorpusReader.open(List.of(corpus.toString()), FieldMapping.DEFAULT);
        TextEmbedder embedder = model.load()) {
      IndexOutcome outcome =
          IndexRun.of(
              IndexRun.Plan.create(folder, new SemanticIndexWriterConfig()),
              streams,
              documents,
              embedder);
      streams.out().println(outcome.toText(shown));
      answers = ask(folder, embedder);
    }
    streams.out().println();
    streams.out().println("Question: " + QUESTION);
    streams.out().println();
    printTable(streams, answers);
    streams.out().println();
    String index = " --index " + shown;
    streams
        .out()
        .println(
            "BM25 goes by the words of the question, semantic search by its meaning; hybrid uses"
                + " both.\n\nTry next:\n"
                + "  ./semblance search \""
                + QUESTION
                + "\""
                + index
                + "\n"
                + "  ./semblance search \"container cannot reach database\""
                + index
                + " --filter course=data-engineering\n"
                + "  ./semblance search"
                + index
                + "\n"
                + "  ./semblance index YOUR-FILES --index index/mine");
    return 0;
  }

  private static Map<SearchMode, List<Hit>> ask(Path folder, TextEmbedder embedder)
      throws IOException {
    Map<SearchMode, List<Hit>> answers = new EnumMap<>(SearchMode.class);
    try (SemanticSearcher searcher = SemanticSearcher.open(folder, embedder)) {
      for (SearchMode mode : SearchMode.values()) {
        SearchRequest request = SearchRequest.builder(QUESTION).mode(mode).top(TOP).build();
        answers.put(mode, searcher.search(request).hits());
      }
    }
    return answers;
  }

  private static void printTable(Streams streams, Map<SearchMode, List<Hit>> answers) {
    List<SearchMode> modes = List.of(SearchMode.BM25, SearchMode.SEMANTIC, SearchMode.HYBRID);
    int width = (streams.columns() - NUMBER) / modes.size() - GAP;
    printRow(streams, "", width, List.of(List.of("BM25"), List.of("semantic"), List.of("hybrid")));
    for (int i = 0; i < TOP; i++) {
      List<List<String>> cells = new ArrayList<>();
      for (SearchMode mode : modes) {
        List<Hit> hits = answers.getOrDefault(mode, List.of());
        cells.add(i < hits.size() ? cell(hits.get(i), width) : List.of());
      }
      printRow(streams, (i + 1) + ".", width, cells);
    }
  }

  private static void printRow(
      Streams streams, String number, int width, List<List<String>> cells) {
    int height = cells.stream().mapToInt(List::size).max().orElse(0);
    for (int line = 0; line < height; line++) {
      StringBuilder row = new StringBuilder(TextColumns.padded(line == 0 ? number : "", NUMBER));
      for (List<String> cell : cells) {
        String text = line < cell.size() ? cell.get(line) : "";
        row.append(" ".repeat(GAP)).append(TextColumns.padded(text, width));
      }
      streams.out().println(row.toString().stripTrailing());
    }
  }

  /** The title, and below it a line of the text. */
  private static List<String> cell(Hit hit, int width) {
    List<String> lines = new ArrayList<>(TextColumns.lines(HitPrinter.title(hit), width));
    String text = Printable.line(hit.snippet().text());
    lines.add("  " + TextColumns.cut(text, width - 2));
    return lines;
  }
}
