package io.github.semblance.bench;

import io.github.semblance.bert.BertEmbedder;
import io.github.semblance.bert.checkpoint.CheckpointException;
import io.github.semblance.corpus.CorpusReader;
import io.github.semblance.corpus.CorpusRecord;
import io.github.semblance.corpus.FieldMapping;
import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.evaluate.RankingMetric;
import io.github.semblance.evaluate.TestCollection;
import io.github.semblance.evaluate.Topic;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.index.SourceDocument;
import io.github.semblance.search.SearchMode;
import io.github.semblance.search.SemanticSearcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.lucene.util.IOUtils;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench workshop}: what the workshop compares, and what this project makes of it. */
@Command(
    name = "workshop",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Compares TF-IDF with SVD, NMF, two BERTs, BM25 and hybrid search on two FAQs.",
      "They are the workshop's, of three courses, and the sample. Prints tables in Markdown."
    })
final class WorkshopBench implements Callable<Integer> {
  private static final String QUESTION = "I just signed up. Is it too late to join the course?";
  private static final Map<String, List<String>> COURSE =
      Map.of("course", List.of("data-engineering-zoomcamp"));
  private static final int SHOWN = 10;
  private static final List<RankingMetric> METRICS =
      List.of(RankingMetric.hitRate(5), RankingMetric.reciprocalRank(5));

  @Option(
      names = "--faq",
      defaultValue = "../shared/data/faq",
      paramLabel = "DIR",
      description =
          "Folder of documents-with-ids.json and ground-truth-data.csv (${DEFAULT-VALUE}).")
  private Path faq;

  @Option(
      names = "--sample",
      defaultValue = "data/faq",
      paramLabel = "DIR",
      description = "Folder of documents.json, queries.jsonl and qrels.tsv (${DEFAULT-VALUE}).")
  private Path sample;

  @Option(
      names = "--every",
      defaultValue = "5",
      paramLabel = "N",
      description = "Ask every Nth question of the FAQ (${DEFAULT-VALUE}).")
  private int every;

  @Option(
      names = "--models",
      split = ",",
      defaultValue = "bert-base-uncased,all-MiniLM-L6-v2",
      paramLabel = "MODEL",
      description = "Models whose vectors are compared (${DEFAULT-VALUE}).")
  private List<String> models;

  @Option(names = "--chart", paramLabel = "FILE", description = "Write a chart of the FAQ, SVG.")
  private @Nullable Path chart;

  /** What is measured on one collection. */
  private final Map<String, double[]> figures = new LinkedHashMap<>();

  private final Map<String, List<String>> answers = new LinkedHashMap<>();

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  WorkshopBench() {}

  @Override
  public Integer call() throws IOException, CheckpointException {
    Path questions = faq.resolve("ground-truth-data.csv");
    Path documents = faq.resolve("documents-with-ids.json");
    if (Files.exists(questions) && Files.exists(documents)) {
      TestCollection asked =
          TestCollection.ofQuestions(questions, "question", "document", List.of("course"));
      List<Topic> some =
          IntStream.range(0, asked.topics().size())
              .filter(i -> i % every == 0)
              .mapToObj(asked.topics()::get)
              .toList();
      compare("Course FAQ", read(documents), some, asked, COURSE);
      if (chart != null) {
        Files.writeString(chart, WorkshopChart.of(figures));
      }
    } else {
      System.err.println(
          "bench: the course FAQ is left out, because "
              + documents
              + " and "
              + questions
              + " are not there; name their folder with --faq");
    }
    TestCollection asked =
        TestCollection.read(sample.resolve("queries.jsonl"), sample.resolve("qrels.tsv"));
    compare("Sample", read(sample.resolve("documents.json")), asked.topics(), asked, Map.of());
    return 0;
  }

  private static List<SourceDocument> read(Path file) {
    Map<String, SourceDocument> documents = new LinkedHashMap<>();
    try (CorpusReader reader = CorpusReader.open(List.of(file.toString()), FieldMapping.DEFAULT)) {
      while (reader.hasNext()) {
        if (reader.next() instanceof CorpusRecord.Document record) {
          documents.put(record.document().id(), record.document());
        }
      }
    }
    return List.copyOf(documents.values());
  }

  private void compare(
      String name,
      List<SourceDocument> documents,
      List<Topic> topics,
      TestCollection asked,
      Map<String, List<String>> filter)
      throws IOException, CheckpointException {
    figures.clear();
    answers.clear();
    Topic question = new Topic("question", QUESTION, filter);
    List<String> texts =
        documents.stream().map(each -> (each.title() + " " + each.text()).strip()).toList();
    long start = System.nanoTime();
    TermVectors terms = new TermVectors(texts);
    DMatrixRMaj matrix = terms.of(texts);
    long counted = System.nanoTime() - start;
    start = System.nanoTime();
    WorkshopSystem svd = WorkshopSystem.of(documents, terms, LatentFactors.svd(matrix));
    measure("TF-IDF, SVD to 16", svd, counted + System.nanoTime() - start, topics, asked, question);
    start = System.nanoTime();
    WorkshopSystem nmf = WorkshopSystem.of(documents, terms, LatentFactors.nmf(matrix));
    measure("TF-IDF, NMF to 16", nmf, counted + System.nanoTime() - start, topics, asked, question);
    for (String model : models) {
      try (TextEmbedder embedder = BertEmbedder.load(model)) {
        start = System.nanoTime();
        List<Embedding> vectors = embedder.embedPassages(texts);
        measure(
            model,
            WorkshopSystem.of(documents, vectors, embedder),
            System.nanoTime() - start,
            topics,
            asked,
            question);
      } catch (CheckpointException e) {
        System.err.println("bench: without " + model + ": " + e.getMessage());
      }
    }
    searchIndex(documents, topics, asked, question);
    print(name, documents, topics.size());
  }

  private void searchIndex(
      List<SourceDocument> documents, List<Topic> topics, TestCollection asked, Topic question)
      throws IOException, CheckpointException {
    Path folder = Files.createTempDirectory("workshop");
    try (TextEmbedder embedder = BertEmbedder.load("all-MiniLM-L6-v2")) {
      long start = System.nanoTime();
      try (SemanticIndexWriter writer =
          SemanticIndexWriter.open(folder, embedder, new SemanticIndexWriterConfig())) {
        for (SourceDocument document : documents) {
          writer.updateDocument(document);
        }
        writer.commit();
      }
      long took = System.nanoTime() - start;
      try (SemanticSearcher searcher = SemanticSearcher.open(folder, embedder)) {
        measure("BM25", WorkshopSystem.of(searcher, SearchMode.BM25), 0, topics, asked, question);
        measure(
            "**hybrid**",
            WorkshopSystem.of(searcher, SearchMode.HYBRID),
            took,
            topics,
            asked,
            question);
      }
    } finally {
      IOUtils.rm(folder);
    }
  }

  private void measure(
      String system,
      WorkshopSystem search,
      long embedNanos,
      List<Topic> topics,
      TestCollection asked,
      Topic question)
      throws IOException {
    answers.put(system, search.rank(question, SHOWN)); // and so the system is warm
    double[] sums = new double[METRICS.size()];
    long[] nanos = new long[topics.size()];
    for (int i = 0; i < nanos.length; i++) {
      Topic topic = topics.get(i);
      long start = System.nanoTime();
      List<String> ranking = search.rank(topic, SHOWN);
      nanos[i] = System.nanoTime() - start;
      Map<String, Integer> grades = asked.judgements().grades(topic.id());
      Arrays.setAll(sums, m -> sums[m] + METRICS.get(m).score(ranking, grades));
    }
    Arrays.sort(nanos);
    figures.put(
        system,
        new double[] {
          embedNanos / 1e9,
          nanos[nanos.length / 2] / 1e6,
          sums[0] / nanos.length,
          sums[1] / nanos.length
        });
    System.err.println("bench: measured " + system);
  }

  private void print(String name, List<SourceDocument> documents, int questions) {
    System.out.printf(
        Locale.ROOT, "## %s: %,d documents, %,d questions%n%n", name, documents.size(), questions);
    System.out.println(
        "| | embed all, s | search, p50 ms | hit rate@5 | MRR@5 |\n|---|---|---|---|---|");
    figures.forEach(
        (system, figure) ->
            System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.1f | %.4f | %.4f |%n",
                system,
                figure[0] == 0 ? "–" : String.format(Locale.ROOT, "%.1f", figure[0]),
                figure[1],
                figure[2],
                figure[3]));
    Map<String, String> titles = new LinkedHashMap<>();
    documents.forEach(document -> titles.put(document.id(), document.title()));
    System.out.printf(Locale.ROOT, "%nThe first %d for \"%s\"%n", SHOWN, QUESTION);
    answers.forEach(
        (system, ids) -> {
          System.out.printf(Locale.ROOT, "%n%s%n%n", system);
          for (int i = 0; i < ids.size(); i++) {
            System.out.printf(Locale.ROOT, "%d. %s%n", i + 1, titles.getOrDefault(ids.get(i), ""));
          }
        });
    System.out.println();
  }
}
