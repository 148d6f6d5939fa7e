package io.github.semblance.bert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.bert.QueryChoice.Length;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.Test;

/** With a clock that the candidates move. */
final class QueryTrialTest {
  private final AtomicLong clock = new AtomicLong();
  private final AtomicInteger underWay = new AtomicInteger();

  /** Takes so many milliseconds for a length, the how manieth time. */
  private QueryEncoder candidate(String name, ToDoubleBiFunction<Integer, Integer> millis) {
    AtomicInteger calls = new AtomicInteger();
    return new FakeQueryEncoder(
        name,
        ids -> {
          double taken = millis.applyAsDouble(ids.length, calls.getAndIncrement());
          clock.addAndGet((long) (taken * 1e6));
          return new float[0];
        });
  }

  private List<Length> run(int longest, QueryEncoder... candidates) throws InterruptedException {
    return new QueryTrial(List.of(candidates), 2, underWay, () -> false, clock::get)
        .run(longest)
        .orElseThrow()
        .lengths();
  }

  @Test
  void eachLengthHasItsOwnBest() throws InterruptedException {
    List<Length> lengths =
        run(
            24,
            candidate("small", (length, call) -> length / 8.0),
            candidate("large", (length, call) -> 1.75),
            candidate("libtorch", (length, call) -> 4));
    assertEquals(List.of(8, 12, 16, 24), lengths.stream().map(Length::upTo).toList());
    assertEquals(
        List.of("small", "small", "large", "large"), lengths.stream().map(Length::best).toList());
    assertEquals(4, lengths.get(0).libtorch().median());
  }

  @Test
  void aSlowTailLosesToASlowerMedian() throws InterruptedException {
    List<Length> lengths =
        run(
            8,
            candidate("stalling", (length, call) -> call % 4 == 0 ? 20 : 2),
            candidate("libtorch", (length, call) -> 3));
    assertEquals("libtorch", lengths.get(0).best());
  }

  @Test
  void whoeverIsFarBehindIsComparedNoMore() throws InterruptedException {
    AtomicInteger hopeless = new AtomicInteger();
    AtomicInteger slower = new AtomicInteger();
    run(
        8,
        candidate("fast", (length, call) -> 1),
        candidate("slower", (length, call) -> 2 + 0 * slower.incrementAndGet()),
        candidate("libtorch", (length, call) -> 500 + 0 * hopeless.incrementAndGet()));
    assertEquals(2, hopeless.get(), "one to warm up, one that shows it");
    assertEquals(5, slower.get());
  }

  @Test
  void isRepeatedWhenSomethingElseIsEmbeddedMeanwhile() throws InterruptedException {
    underWay.set(1);
    AtomicInteger calls = new AtomicInteger();
    run(8, candidate("libtorch", (length, call) -> 1 + 0 * calls.incrementAndGet()));
    assertEquals(1 + 11 * 3, calls.get());
    assertEquals(1, underWay.get());
  }

  @Test
  void whereItTakesTooLongTheRestGoesByTheLastLength() throws InterruptedException {
    AtomicInteger calls = new AtomicInteger();
    List<Length> lengths =
        run(
            16,
            candidate("slow", (length, call) -> 3000),
            candidate("libtorch", (length, call) -> 3100 + 0 * calls.incrementAndGet()));
    assertEquals(List.of("slow", "slow", "slow"), lengths.stream().map(Length::best).toList());
    assertEquals(1 + 11, calls.get());
  }

  @Test
  void endsWhenTheEmbedderIsClosed() throws InterruptedException {
    AtomicInteger calls = new AtomicInteger();
    QueryEncoder candidate =
        candidate("libtorch", (length, call) -> 1 + 0 * calls.incrementAndGet());
    assertEquals(
        Optional.empty(),
        new QueryTrial(List.of(candidate), 2, underWay, () -> calls.get() > 3, clock::get)
            .run(128));
    assertTrue(calls.get() < 6, calls + " calls");
  }
}
