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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;
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
  private static final int NUMBER = 3;

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
    streams.out().print(table(answers, (streams.columns() - NUMBER) / SearchMode.values().length));
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

  private static TextTable table(Map<SearchMode, List<Hit>> answers, int column) {
    TextTable table =
        TextTable.forColumns(
            picocli.CommandLine.Help.defaultColorScheme(Ansi.OFF),
            new Column(NUMBER, 0, Overflow.TRUNCATE),
            new Column(column, 1, Overflow.WRAP),
            new Column(column, 1, Overflow.WRAP),
            new Column(column, 1, Overflow.WRAP));
    addRow(table, "", "BM25", "semantic", "hybrid");
    String rule = "-".repeat(column - 2);
    addRow(table, "", rule, rule, rule);
    for (int i = 0; i < TOP; i++) {
      addRow(
          table,
          (i + 1) + ".",
          cell(answers, SearchMode.BM25, i),
          cell(answers, SearchMode.SEMANTIC, i),
          cell(answers, SearchMode.HYBRID, i));
    }
    return table;
  }

  /** The table's own way of adding a row starts each cell below the end of the one before. */
  private static void addRow(TextTable table, String... cells) {
    table.addEmptyRow();
    int row = table.rowCount() - 1;
    for (int column = 0; column < cells.length; column++) {
      table.putValue(row, column, Ansi.OFF.new Text(cells[column]));
    }
  }

  private static String cell(Map<SearchMode, List<Hit>> answers, SearchMode mode, int i) {
    List<Hit> hits = answers.getOrDefault(mode, List.of());
    return i < hits.size() ? HitPrinter.title(hits.get(i)) : "";
  }
}
