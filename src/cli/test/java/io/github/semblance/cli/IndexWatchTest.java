package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.corpus.CorpusSnapshot;
import io.github.semblance.corpus.FieldMapping;
import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.search.Hit;
import io.github.semblance.search.SearchMode;
import io.github.semblance.search.SearchRequest;
import io.github.semblance.search.SemanticSearcher;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class IndexWatchTest {
  private final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder(64, 64);
  private final BlockingQueue<IndexOutcome> outcomes = new LinkedBlockingQueue<>();
  private final StringWriter messages = new StringWriter();

  @TempDir private Path folder;
  private Path docs;
  private Path index;
  private final ExecutorService executor = Executors.newSingleThreadExecutor();

  @BeforeEach
  void watch() throws Exception {
    docs = Files.createDirectory(folder.resolve("docs"));
    index = folder.resolve("index");
    write("a.md", "# Apples\n\napple words");
    write("b.md", "# Bears\n\nbear words");
    Streams streams =
        new Streams(
            new ByteArrayInputStream(new byte[0]),
            new PrintWriter(new StringWriter()),
            new PrintWriter(messages, true),
            false,
            false,
            false,
            100);
    IndexRun.Plan plan =
        new IndexRun.Plan(
            index,
            new SemanticIndexWriterConfig(),
            OpenMode.CREATE_OR_APPEND,
            true,
            Duration.ofMinutes(1),
            false,
            false,
            List.of());
    List<String> inputs = List.of(docs.toString());
    Path elsewhere = Files.createDirectory(folder.resolve("empty"));
    Files.writeString(elsewhere.resolve("x.md"), "x");
    IndexWatch watch =
        new IndexWatch(
            plan,
            streams,
            inputs,
            FieldMapping.DEFAULT,
            null,
            embedder,
            CorpusSnapshot.of(List.of(elsewhere.toString()), elsewhere),
            Duration.ofMillis(20));
    executor.execute(() -> watch.run(outcomes::add));
    assertEquals(2, next().statistics().documents());
  }

  @AfterEach
  void end() throws InterruptedException {
    executor.shutdownNow();
    assertTrue(executor.awaitTermination(1, TimeUnit.MINUTES), "an interrupt ends it");
    embedder.close();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(docs.resolve(name), text);
  }

  private IndexOutcome next() throws InterruptedException {
    return Objects.requireNonNull(outcomes.poll(1, TimeUnit.MINUTES), messages::toString);
  }

  private List<String> find(String word) throws IOException {
    try (SemanticSearcher searcher = SemanticSearcher.openForKeywords(index)) {
      return searcher
          .search(SearchRequest.builder(word).mode(SearchMode.BM25).build())
          .hits()
          .stream()
          .map(Hit::id)
          .toList();
    }
  }

  @Test
  void whatChangesIsIndexedAndWhatGoesIsDeleted() throws Exception {
    write("b.md", "# Bees\n\nbees buzz");
    Files.delete(docs.resolve("a.md"));
    Files.createDirectory(docs.resolve("sub"));
    write("sub/c.md", "cats purr");
    IndexOutcome outcome = next();
    while (find("purr").isEmpty() || !find("apple").isEmpty()) {
      outcome = next(); // a slow machine may see a half of it first
    }
    assertEquals(0, outcome.skipped());
    assertEquals(List.of("b.md"), find("buzz"));
    assertEquals(List.of("sub/c.md"), find("purr"));
    assertEquals(List.of(), find("bear"));
    assertEquals(List.of(), find("apple"));
  }

  @Test
  void aBrokenFileDoesNotEndIt() throws Exception {
    write("b.md", "---\n[\n---\nbroken");
    assertEquals(1, next().skipped());
    assertTrue(messages.toString().contains("b.md:"), messages.toString());
    assertEquals(List.of("b.md"), find("bear"));
    Files.delete(docs.resolve("a.md"));
    next();
    assertEquals(List.of(), find("apple"));
    write("b.md", "mended words");
    next();
    assertEquals(List.of("b.md"), find("mended"));
  }

  @Test
  void aFolderThatIsGoneLeavesTheIndex() throws Exception {
    Files.move(docs, folder.resolve("moved"));
    while (!messages.toString().contains("does not exist; still watching")) {
      Thread.sleep(10);
    }
    assertEquals(List.of("a.md"), find("apple"));
    Files.move(folder.resolve("moved"), docs);
    write("c.md", "cats purr");
    next();
    assertEquals(List.of("c.md"), find("purr"));
    assertEquals(List.of("a.md"), find("apple"));
  }
}
