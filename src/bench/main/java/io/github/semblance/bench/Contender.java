package io.github.semblance.bench;

import io.github.semblance.bert.Precision;
import java.util.List;

/** One embedder in the race. */
interface Contender extends AutoCloseable {
  int WARM_UP_TEXTS = 16;

  String name();

  Precision precision();

  /** The longest text it looks at, in word pieces, special ones included; it cuts the rest off. */
  int maxTokens();

  /** Embeds many texts as fast as it can, with all the cores there are. */
  List<float[]> embed(List<String> texts);

  /** Makes ready for that: what a long-running process has behind it is not measured. */
  default void warmUp(List<String> texts) {
    embed(texts.subList(0, Math.min(texts.size(), WARM_UP_TEXTS)));
  }

  /** Embeds one short text, as soon as it can. */
  float[] embedQuery(String query);

  /** CPU seconds that a process of its own has used so far. */
  default double cpuSecondsElsewhere() {
    return 0;
  }

  @Override
  void close();
}
