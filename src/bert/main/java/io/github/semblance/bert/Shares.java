package io.github.semblance.bert;

import java.util.ArrayList;
import java.util.List;

/**
 * Divides texts among threads: consecutive texts, about one call of the model each, and equally
 * much for every thread, so that none works on a last share while the others have nothing to do.
 */
final class Shares {
  /** Characters per word piece of ordinary English: only the size of shares depends on it. */
  private static final int CHARS_PER_TOKEN = 4;

  /** Each call reads all weights, which takes as long as computing 14 word pieces of MiniLM. */
  private static final int LEAST_TOKENS = 64;

  private Shares() {}

  /**
   * The shares of some texts, in order.
   *
   * @param maxTokens the model's window, which no text takes more of
   * @param options how many threads there are and how much a call holds
   */
  static List<List<String>> of(List<String> texts, int maxTokens, BertEmbedder.Options options) {
    long total = 0;
    long[] middles = new long[texts.size()]; // of each text, in word pieces from the start
    for (int i = 0; i < middles.length; i++) {
      int size = Math.min(texts.get(i).length() / CHARS_PER_TOKEN, maxTokens) + 2;
      middles[i] = total + size / 2;
      total += size;
    }
    long calls = Math.ceilDiv(total, (long) options.tokensPerCall());
    long even = Math.ceilDiv(calls, (long) options.threads()) * options.threads();
    long count = Math.max(calls, Math.min(even, total / LEAST_TOKENS));
    List<List<String>> shares = new ArrayList<>();
    int first = 0;
    for (int i = 1; i <= middles.length; i++) {
      if (i == middles.length || middles[i] * count / total != middles[first] * count / total) {
        shares.add(texts.subList(first, i));
        first = i;
      }
    }
    return shares;
  }
}
