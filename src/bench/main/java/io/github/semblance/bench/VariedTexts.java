package io.github.semblance.bench;

import java.util.List;
import java.util.SplittableRandom;
import java.util.StringJoiner;

/**
 * Any number of passages out of a few real ones. Each is a real text of which a fifth of the words
 * are others of the same collection, drawn as often as they stand there, and one word that no other
 * passage has. So lengths and frequencies are those of the collection however many passages there
 * are, and its vocabulary grows. The same seed gives the same texts. Immutable.
 */
final class VariedTexts {
  /** A model's window of 256 word pieces holds about as many words. */
  private static final int LONGEST = 180;

  private static final int ONE_WORD_IN = 5;

  private final long seed;
  private final List<String[]> texts;

  VariedTexts(long seed, List<String> texts) {
    this.seed = seed;
    this.texts = texts.stream().map(text -> text.strip().split("\\s+", LONGEST + 1)).toList();
  }

  String passage(int number) {
    SplittableRandom random = new SplittableRandom(seed + number);
    String[] text = texts.get(random.nextInt(texts.size()));
    StringJoiner words = new StringJoiner(" ");
    for (int i = 0; i < Math.min(LONGEST, text.length); i++) {
      words.add(random.nextInt(ONE_WORD_IN) == 0 ? word(random) : text[i]);
    }
    return words.add("n" + number).toString();
  }

  /** Places are drawn, not texts: a word of a short text would be drawn too often. */
  private String word(SplittableRandom random) {
    while (true) {
      String[] text = texts.get(random.nextInt(texts.size()));
      int place = random.nextInt(LONGEST);
      if (place < text.length) {
        return text[place];
      }
    }
  }
}
