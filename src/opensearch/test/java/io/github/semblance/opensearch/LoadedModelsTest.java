package io.github.semblance.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.embed.WordPiece;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.opensearch.core.concurrency.OpenSearchRejectedExecutionException;

final class LoadedModelsTest {
  static {
    NewerLucene.allow();
  }

  private final List<String> events = new ArrayList<>();
  private final AtomicLong clock = new AtomicLong();
  private final LoadedModels models =
      new LoadedModels(List.of("a", "b", "c"), Fake::new, 2, clock::get);

  private final class Fake implements TextEmbedder {
    private final String name;

    Fake(String name) {
      this.name = name;
      events.add("+" + name);
    }

    @Override
    public EmbeddingModel model() {
      return new EmbeddingModel(name, 2, 16, 2, 0, "f00d" + name, Map.of());
    }

    @Override
    public Embedding embedQuery(String query) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Embedding> embedPassages(List<String> passages) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<WordPiece> wordPieces(String text) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
      events.add("-" + name);
    }
  }

  private String use(String name) {
    clock.addAndGet(10);
    return models.with(name, loaded -> loaded.embedder().model().name());
  }

  @Test
  void theOneNotUsedForTheLongestTimeMakesRoom() {
    assertEquals("a", use("a"));
    assertEquals("b", use("b"));
    assertEquals("a", use("a"));
    assertEquals("c", use("c"));
    assertEquals(List.of("+a", "+b", "-b", "+c"), events);
    assertEquals(List.of("a", "c"), models.loaded());
    assertEquals("f00db", models.facts("b").fingerprint());
    assertEquals(4, events.size(), "facts are known without loading again");
  }

  @Test
  void whatIsUsedIsNotReleased() {
    models.with(
        "a",
        first ->
            models.with(
                "b",
                second -> {
                  OpenSearchRejectedExecutionException refused =
                      assertThrows(OpenSearchRejectedExecutionException.class, () -> use("c"));
                  assertTrue(String.valueOf(refused.getMessage()).contains("are in use: [a, b]"));
                  models.releaseIdle(0);
                  return second;
                }));
    assertEquals(List.of("+a", "+b"), events);
  }

  @Test
  void idleModelsAreReleasedButForTheFirst() {
    use("a");
    use("b");
    clock.addAndGet(99);
    models.releaseIdle(100);
    assertEquals(2, events.size());
    clock.addAndGet(1);
    models.releaseIdle(100);
    assertEquals(List.of("+a", "+b", "-b"), events);
    models.close();
    assertEquals("-a", events.getLast());
    assertThrows(IllegalStateException.class, () -> use("a"));
  }

  @Test
  void othersAreRefused() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> use("/etc"));
    assertTrue(String.valueOf(refused.getMessage()).contains("are [a, b, c]"));
    assertFalse(events.contains("+/etc"));
  }

  @Test
  void aModelThatCannotBeLoadedIsTriedAgain() {
    List<String> tries = new ArrayList<>();
    LoadedModels broken =
        new LoadedModels(
            List.of("a"),
            name -> {
              tries.add(name);
              throw new IllegalStateException("broken");
            },
            1,
            clock::get);
    assertThrows(IllegalStateException.class, () -> broken.facts("a"));
    assertThrows(IllegalStateException.class, () -> broken.facts("a"));
    assertEquals(2, tries.size());
  }
}
