package io.github.semblance.bert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.bert.QueryChoice.Length;
import io.github.semblance.bert.QueryChoice.Times;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With candidates that compute nothing. */
final class ShortQueriesTest {
  private static final float[] VECTOR = {.6f, .8f};

  @TempDir private Path folder;
  private final ExecutorService pool = Executors.newFixedThreadPool(1);

  @AfterEach
  void closePool() {
    pool.close();
  }

  /** An encoder that has candidates for queries. */
  private record Fake(QueryCandidates candidates) implements Encoder {
    @Override
    public float[][] embed(TokenBatch batch) {
      return new float[][] {VECTOR};
    }

    @Override
    public QueryCandidates forQueries() {
      return candidates;
    }

    @Override
    public void close() {}
  }

  private QueryChoiceFile file() {
    return new QueryChoiceFile(folder, "abc", "here");
  }

  private ShortQueries queries(QueryCandidates candidates) {
    return new ShortQueries(
        new ShortQueries.Task(new Fake(candidates), Precision.FP32, 24, 1, file()),
        ShortQueries.Choice.FASTEST,
        pool,
        new AtomicInteger());
  }

  private static QueryCandidates candidates(float... vector) {
    return new QueryCandidates(
        List.of(
            new FakeQueryEncoder("one", ids -> vector), new FakeQueryEncoder("two", ids -> vector)),
        "");
  }

  private static QueryChoice choice(String best) {
    return new QueryChoice(List.of(new Length(16, best, new Times(1, 1), new Times(2, 2))));
  }

  @Test
  void whatIsRememberedIsNotMeasuredAgain() {
    file().write(choice("two"));
    ShortQueries queries = queries(candidates(VECTOR));
    String told = queries.prepareNow();
    assertTrue(told.endsWith(", remembered in " + file().path()), told);
    QueryEncoder short16 = queries.of(16);
    assertNotNull(short16);
    assertEquals("two", short16.name());
    assertNull(queries.of(17));
  }

  @Test
  void libtorchMayBeRememberedForAllLengths() {
    file().write(choice("libtorch"));
    ShortQueries queries = queries(candidates(VECTOR));
    String told = queries.prepareNow();
    assertTrue(told.endsWith(", remembered in " + file().path()), told);
    assertNull(queries.of(8));
  }

  @Test
  void aCandidateThatIsNoMoreIsMeasuredAnew() {
    file().write(choice("three"));
    String told = queries(candidates(VECTOR)).prepareNow();
    assertTrue(told.contains("measured just now"), told);
  }

  @Test
  void theFourthQueryPreparesAndAnyMayAskForIt() {
    ShortQueries queries = queries(candidates(VECTOR));
    for (int i = 0; i < 3; i++) {
      assertFalse(queries.another());
    }
    assertNull(queries.of(8));
    queries.prepareNow();
    assertTrue(queries.another());
    queries.forget();
    assertFalse(queries.another());
  }

  @Test
  void whereRoundingShowsItIsLibtorch() {
    ShortQueries queries = queries(candidates(.61f, .79f));
    String told = queries.prepareNow();
    assertTrue(told.startsWith("libtorch: its weights cannot be rounded, cosine 0.999"), told);
    assertNull(queries.of(8));
    assertEquals(Optional.empty(), file().read());
  }

  @Test
  void tellsWhyThereAreNone() {
    assertEquals(
        "libtorch: this machine is made of wood",
        queries(QueryCandidates.none("this machine is made of wood")).prepareNow());
  }
}
