package io.github.semblance.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.ejml.data.DMatrixRMaj;

/**
 * TF-IDF as scikit-learn's {@code TfidfVectorizer(min_df=5)} computes it, with Lucene's English
 * stop words: words of two characters or more, {@code idf = ln((1 + n) / (1 + df)) + 1}, rows of
 * length 1. Immutable.
 */
final class TermVectors {
  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}_]+");
  private static final int LEAST_DOCUMENTS = 5;

  private final Map<String, Integer> columns = new HashMap<>();
  private final double[] idf;

  TermVectors(List<String> texts) {
    Map<String, Integer> frequencies = new TreeMap<>();
    for (String text : texts) {
      new HashSet<>(words(text)).forEach(word -> frequencies.merge(word, 1, Integer::sum));
    }
    frequencies.values().removeIf(documents -> documents < LEAST_DOCUMENTS);
    this.idf = new double[frequencies.size()];
    frequencies.forEach(
        (word, documents) -> {
          idf[columns.size()] = Math.log((1.0 + texts.size()) / (1.0 + documents)) + 1;
          columns.put(word, columns.size());
        });
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    for (String word : NO_WORD.split(text.toLowerCase(Locale.ROOT), -1)) {
      if (word.length() > 1 && !EnglishAnalyzer.ENGLISH_STOP_WORDS_SET.contains(word)) {
        words.add(word);
      }
    }
    return words;
  }

  /** A row for each text, a column for each word. */
  DMatrixRMaj of(List<String> texts) {
    DMatrixRMaj rows = new DMatrixRMaj(texts.size(), idf.length);
    for (int row = 0; row < texts.size(); row++) {
      for (String word : words(texts.get(row))) {
        Integer column = columns.get(word);
        if (column != null) {
          rows.add(row, column, idf[column]);
        }
      }
      double length = 0;
      for (int column = 0; column < idf.length; column++) {
        length += rows.get(row, column) * rows.get(row, column);
      }
      for (int column = 0; length > 0 && column < idf.length; column++) {
        rows.set(row, column, rows.get(row, column) / Math.sqrt(length));
      }
    }
    return rows;
  }
}
