package io.github.semblance.bert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ManyPassagesTest {
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger underWayMeanwhile = new AtomicInteger();
  private final AtomicInteger prepared = new AtomicInteger();
  private Optional<String> outcome = Optional.of("nothing");
  private boolean before;

  @Test
  void aFewCallsPrepareNothing() throws Exception {
    assertEquals(0, preparedAfter(31, ""));
  }

  @Test
  void manyPrepareOnceAndCountAsWork() throws Exception {
    assertEquals(1, preparedAfter(100, ""));
    assertEquals(1, underWayMeanwhile.get());
    assertEquals(0, underWay.get());
  }

  @Test
  void whatCouldNotBeToldIsAskedAgainAfterFourTimesAsMany() throws Exception {
    outcome = Optional.empty();
    assertEquals(1, preparedAfter(127, ""));
    prepared.set(0);
    assertEquals(2, preparedAfter(511, ""));
    prepared.set(0);
    assertEquals(3, preparedAfter(512, ""));
  }

  /** Whose vectors would change waits, and the other threads with it. */
  @Test
  void beforeTheFirstWhereVectorsWouldChange() throws Exception {
    before = true;
    assertEquals(1, preparedAfter(1, ""));
    prepared.set(0);
    assertEquals(1, preparedAfter(100, ""));
  }

  /** The pool's thread goes on, and libtorch computes. */
  @Test
  void aFailureIsNobodysTrouble() throws Exception {
    assertEquals(1, preparedAfter(100, "no such operator"));
    assertEquals(0, underWay.get());
  }

  private int preparedAfter(int calls, String failure) throws Exception {
    TorchRuntime.start();
    List<Future<List<Integer>>> results = new ArrayList<>();
    try (TorchPool pool = new TorchPool("test", before ? 2 : 1)) {
      ManyPassages passages = new ManyPassages(encoder(failure), pool, underWay);
      for (int i = 0; i < calls; i++) {
        int call = i;
        results.add(
            passages.submit(
                () -> {
                  assertTrue(!before || prepared.get() == 1);
                  return List.of(call);
                }));
        if (!before) {
          List<Integer> unused = results.get(i).get(); // what is prepared sees so many calls
        }
      }
    }
    assertEquals(IntStream.range(0, calls).boxed().toList(), TorchPool.collect(results, calls));
    return prepared.get();
  }

  private Encoder encoder(String failure) {
    return new Encoder() {
      @Override
      public float[][] embed(TokenBatch batch) {
        throw new AssertionError("nothing is embedded here");
      }

      @Override
      public boolean preparesBeforePassages() {
        return before;
      }

      @Override
      public Optional<String> prepareForPassages(BooleanSupplier stopped) {
        underWayMeanwhile.set(underWay.get());
        prepared.incrementAndGet();
        if (!failure.isEmpty()) {
          throw new IllegalStateException(failure);
        }
        return outcome;
      }

      @Override
      public void close() {}
    };
  }
}
