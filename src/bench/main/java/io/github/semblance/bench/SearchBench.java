package io.github.semblance.bench;

import io.github.semblance.bert.BertEmbedder;
import io.github.semblance.bert.Precision;
import io.github.semblance.bert.checkpoint.CheckpointException;
import io.github.semblance.bert.checkpoint.ModelCatalogue;
import io.github.semblance.embed.Embedding;
import io.github.semblance.search.SearchMode;
import io.github.semblance.search.SearchRequest;
import io.github.semblance.search.SemanticSearcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** How long a hybrid search takes from its words to its page, with its parts and beside others. */
@Command(
    name = "search",
    mixinStandardHelpOptions = true,
    description = {
      "Asks an index questions, and tells how long hybrid search and its parts take.",
      "Then several clients ask at once, alone and while documents are embedded. The last line is JSON."
    })
final class SearchBench implements Callable<Integer> {
  private static final int WARM_UP = 200;

  @Option(
      names = "--index",
      required = true,
      paramLabel = "FOLDER",
      description = "What to search.")
  private Path index = Path.of("");

  @Option(
      names = "--queries",
      required = true,
      paramLabel = "FILE",
      description = "Questions: a line each, or JSON Lines with \"text\".")
  private Path queries = Path.of("");

  @Option(
      names = "--model",
      defaultValue = ModelCatalogue.DEFAULT_MODEL,
      description = "That of the index (${DEFAULT-VALUE}).")
  private String model = "";

  @Option(names = "--precision", defaultValue = "FP32", description = "(${DEFAULT-VALUE})")
  private Precision precision = Precision.FP32;

  @Option(
      names = "--clients",
      split = ",",
      defaultValue = "1,2,4,8",
      description = "How many ask at once (${DEFAULT-VALUE}).")
  private List<Integer> clients = List.of();

  @Option(
      names = "--questions",
      defaultValue = "300",
      description = "How many of each kind, for each number of clients (${DEFAULT-VALUE}).")
  private int questions;

  private final ObjectNode json = JsonMapper.shared().createObjectNode();

  SearchBench() {}

  /** Something that a search consists of. */
  @FunctionalInterface
  private interface Part {
    void ask(String question) throws IOException;
  }

  @Override
  public Integer call() throws IOException, CheckpointException, InterruptedException {
    List<String> asked = read(queries, questions);
    json.put("processor", Machine.processor()).put("load", Machine.load());
    try (BertEmbedder embedder =
            BertEmbedder.load(model, BertEmbedder.Options.defaults().withPrecision(precision));
        SemanticSearcher whole = SemanticSearcher.open(index, embedder)) {
      System.out.println("Queries: " + embedder.prepareQueries());
      RememberedQueries remembered = new RememberedQueries(embedder, embedAll(embedder, asked));
      try (SemanticSearcher searcher = SemanticSearcher.open(index, remembered)) {
        System.out.printf(
            Locale.ROOT,
            "%d documents, %d questions%n%-40s%10s%10s%n",
            searcher.documents(),
            asked.size(),
            "one client",
            "p50 ms",
            "p99 ms");
        measure("hybrid, whole", asked, question -> whole.search(hybrid(question)));
        measure("embedding", asked, embedder::embedQuery);
        measure("hybrid without embedding", asked, q -> searcher.search(hybrid(q)));
        measure("hybrid without page", asked, q -> searcher.rank(hybrid(q)));
        measure("BM25 without page", asked, q -> searcher.rank(request(q, SearchMode.BM25)));
        measure(
            "semantic without page", asked, q -> searcher.rank(request(q, SearchMode.SEMANTIC)));
      }
      for (boolean embedding : new boolean[] {false, true}) {
        for (int count : clients) {
          crowd(whole, embedder, asked, count, embedding);
        }
      }
    }
    System.out.println(json);
    return 0;
  }

  private static SearchRequest hybrid(String question) {
    return request(question, SearchMode.HYBRID);
  }

  private static SearchRequest request(String question, SearchMode mode) {
    return SearchRequest.builder(question).mode(mode).build();
  }

  private static Map<String, Embedding> embedAll(BertEmbedder embedder, List<String> questions) {
    Map<String, Embedding> embeddings = new HashMap<>();
    questions.forEach(question -> embeddings.put(question, embedder.embedQuery(question)));
    return embeddings;
  }

  private void measure(String name, List<String> asked, Part part) throws IOException {
    for (int i = 0; i < WARM_UP; i++) {
      part.ask(asked.get(i % asked.size()));
    }
    Samples millis = new Samples();
    for (String question : asked) {
      long start = System.nanoTime();
      part.ask(question);
      millis.add((System.nanoTime() - start) / 1e6);
    }
    tell(name, millis);
  }

  private void tell(String name, Samples millis) {
    System.out.printf(
        Locale.ROOT, "%-40s%10.2f%10.2f%n", name, millis.median(), millis.percentile(99));
    json.putObject(name)
        .put("p50", rounded(millis.median()))
        .put("p99", rounded(millis.percentile(99)));
  }

  private static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }

  /** So many clients, each of which asks its next question when it has an answer. */
  private void crowd(
      SemanticSearcher searcher,
      BertEmbedder embedder,
      List<String> asked,
      int count,
      boolean embedding)
      throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    CountDownLatch left = new CountDownLatch(count);
    Samples millis = new Samples();
    Thread job = new Thread(() -> embedUntil(left, embedder), "embedding");
    if (embedding) {
      job.start();
    }
    long begin = System.nanoTime();
    for (int i = 0; i < count; i++) {
      Thread.ofPlatform()
          .start(
              () -> {
                try {
                  for (int n = next.getAndIncrement();
                      n < asked.size();
                      n = next.getAndIncrement()) {
                    long start = System.nanoTime();
                    searcher.search(hybrid(asked.get(n)));
                    double taken = (System.nanoTime() - start) / 1e6;
                    synchronized (millis) {
                      millis.add(taken);
                    }
                  }
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                } finally {
                  left.countDown();
                }
              });
    }
    left.await();
    double seconds = (System.nanoTime() - begin) / 1e9;
    job.join();
    String name = count + " clients" + (embedding ? " beside embedding" : "");
    tell(name, millis);
    System.out.printf(Locale.ROOT, "%-40s%10.0f per second%n", "", asked.size() / seconds);
  }

  private static void embedUntil(CountDownLatch left, BertEmbedder embedder) {
    List<String> texts = BenchTexts.documents(32);
    while (left.getCount() > 0) {
      List<Embedding> unused = embedder.embedPassages(texts);
    }
  }

  private static List<String> read(Path file, int count) throws IOException {
    List<String> questions = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      if (questions.size() < count && !line.isBlank()) {
        questions.add(
            line.startsWith("{")
                ? JsonMapper.shared().readTree(line).path("text").asString()
                : line);
      }
    }
    if (questions.isEmpty()) {
      throw new IOException(file + " has no questions: it needs a line each");
    }
    return questions;
  }
}
