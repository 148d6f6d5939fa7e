package io.github.semblance.bert;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SharesTest {
  private static final int WINDOW = 256;

  /** Two calls' worth and a little more is four equal shares, not two full ones and a rest. */
  @Test
  void eachThreadGetsEquallyMuch() {
    assertEquals(List.of(6, 6, 6, 6), sizes(Collections.nCopies(24, "x".repeat(400)), 1024, 2));
  }

  @Test
  void whatFitsInOneCallIsStillWorkForAllThreads() {
    String passage = "x".repeat(400);
    assertEquals(List.of(1, 1), sizes(List.of(passage, passage), 1024, 2));
    assertEquals(List.of(1), sizes(List.of(passage), 1024, 2));
    assertEquals(List.of(), sizes(List.of(), 1024, 2));
  }

  @Test
  void littleIsNotDivided() {
    assertEquals(List.of(3), sizes(List.of("one", "two", "three"), 1024, 2));
  }

  @Test
  void aLongTextCountsForWhatItsWindowHolds() {
    List<String> texts = List.of("x".repeat(100_000), "x".repeat(1024), "x", "x".repeat(2000));
    assertEquals(List.of(2, 2), sizes(texts, 1024, 2));
  }

  @Test
  void aShareIsAboutACall() {
    List<String> texts = Collections.nCopies(1000, "x".repeat(392)); // 100 word pieces each
    assertEquals(102, sizes(texts, 1000, 3).size()); // 100 calls, for 3 threads
  }

  private static List<Integer> sizes(List<String> texts, int tokensPerCall, int threads) {
    BertEmbedder.Options options =
        BertEmbedder.Options.defaults().withTokensPerCall(tokensPerCall).withThreads(threads);
    return Shares.of(texts, WINDOW, options).stream().map(List::size).toList();
  }
}
