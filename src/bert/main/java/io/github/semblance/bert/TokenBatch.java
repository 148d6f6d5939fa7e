package io.github.semblance.bert;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Several texts laid out for one call of the model: ordered by length, so that texts of equal
 * length form a run which attention treats at once, and end to end, with no padding between them.
 */
final class TokenBatch {
  private static final long[] OF_ONE_TYPE = {};

  private final List<long[]> texts;
  private final List<long[]> types;
  private final int[] order;
  private final int tokens;

  /**
   * Lays out texts.
   *
   * @param texts word-piece ids of each text, special tokens included; none empty
   */
  TokenBatch(List<long[]> texts) {
    this(texts, List.of());
  }

  /**
   * Lays out texts of more than one token type.
   *
   * @param texts word-piece ids of each text, special tokens included; none empty
   * @param types of each text the type of each id; empty where all ids are of the first type
   */
  TokenBatch(List<long[]> texts, List<long[]> types) {
    this.texts = texts;
    this.types = types;
    this.order =
        IntStream.range(0, texts.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> texts.get(i).length))
            .mapToInt(Integer::intValue)
            .toArray();
    this.tokens = texts.stream().mapToInt(ids -> ids.length).sum();
  }

  /** The number of texts. */
  int size() {
    return order.length;
  }

  /** The number of rows of the batch: all real tokens. */
  int tokens() {
    return tokens;
  }

  /** Which of the given texts stands at a place of the batch. */
  int textAt(int place) {
    return order[place];
  }

  /** The word-piece ids of the text at a place of the batch. */
  long[] idsAt(int place) {
    return texts.get(order[place]);
  }

  /** The types of those ids; empty where all are of the first. */
  long[] typesAt(int place) {
    return types.isEmpty() ? OF_ONE_TYPE : types.get(order[place]);
  }

  /** Pairs: a number of texts, and their common length. */
  long[] runs() {
    List<Long> runs = new ArrayList<>();
    int place = 0;
    while (place < order.length) {
      int first = place;
      int length = idsAt(first).length;
      while (place < order.length && idsAt(place).length == length) {
        place++;
      }
      runs.add((long) (place - first));
      runs.add((long) length);
    }
    return runs.stream().mapToLong(Long::longValue).toArray();
  }
}
