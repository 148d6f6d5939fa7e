package io.github.semblance.evaluate;

import io.github.semblance.index.SourceDocument;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Queries for one word each that few documents have, as people look up names, codes and terms of
 * art. Right is the document that the word was taken from: where others have it too, a perfect
 * score cannot be had, and only comparing two systems tells anything.
 */
final class RareWords {
  /** In more documents than these a word is not rare. */
  private static final int MOST_DOCUMENTS = 3;

  /** Shorter ones are mostly remains of formulas. */
  private static final int LEAST_CHARS = 3;

  /** Letters and digits, with what joins them: {@code TGF-β1}, {@code config.yaml}. */
  private static final Pattern WORD =
      Pattern.compile("[\\p{L}\\p{N}]+(?:[-._/'’][\\p{L}\\p{N}]+)*");

  private RareWords() {}

  /**
   * Draws words.
   *
   * @param documents each id once
   * @param count how many topics are wanted; there are fewer if the documents have no more
   * @param seed equal seeds draw equal words from equal documents
   * @param phrasing what stands around the word
   */
  static TestCollection of(
      Collection<SourceDocument> documents, int count, long seed, Phrasing phrasing) {
    Map<String, Integer> frequencies = new HashMap<>();
    for (SourceDocument document : documents) {
      words(document).forEach(word -> frequencies.merge(word, 1, Integer::sum));
    }
    List<String> ids = new ArrayList<>();
    List<List<String>> rare = new ArrayList<>();
    for (SourceDocument document : documents) {
      List<String> own =
          words(document).stream()
              .filter(word -> frequencies.getOrDefault(word, 0) <= MOST_DOCUMENTS)
              .toList();
      if (!own.isEmpty()) {
        ids.add(document.id());
        rare.add(new ArrayList<>(own));
      }
    }
    // A document is drawn first, so that a long one has no more topics than a short one.
    Random random = new Random(seed);
    Map<String, Map<String, Integer>> grades = new LinkedHashMap<>();
    while (grades.size() < count && !ids.isEmpty()) {
      int at = random.nextInt(ids.size());
      List<String> own = rare.get(at);
      grades.putIfAbsent(own.remove(random.nextInt(own.size())), Map.of(ids.get(at), 1));
      if (own.isEmpty()) {
        ids.remove(at);
        rare.remove(at);
      }
    }
    Random templates = new Random(seed); // of its own: the same words however they are asked for
    return new TestCollection(
        grades.keySet().stream()
            .map(word -> new Topic(word, phrasing.ask(word, templates), Map.of()))
            .toList(),
        new Judgements(grades));
  }

  private static Set<String> words(SourceDocument document) {
    Set<String> words = new TreeSet<>();
    for (String text : List.of(document.title(), document.text())) {
      WORD.matcher(text)
          .results()
          .map(MatchResult::group)
          .filter(word -> word.length() >= LEAST_CHARS)
          .forEach(words::add);
    }
    return words;
  }
}
