package io.github.semblance.search;

import io.github.semblance.index.IndexSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FieldInfos;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.StringHelper;

/**
 * Which values the keyword fields of an index have: for whoever completes or corrects what a person
 * types as a filter. Immutable and safe for use by many threads, as long as the searcher that it
 * came from is open.
 *
 * <p>Values of deleted documents are among them until Lucene has merged those away.
 */
public final class KeywordValues {
  /** How many values are compared to find the nearest. */
  private static final int MOST_COMPARED = 10_000;

  /** Longer ones are compared by their beginning: the time grows with the square. */
  private static final int LONGEST_COMPARED = 100;

  private final IndexReader reader;

  KeywordValues(IndexReader reader) {
    this.reader = reader;
  }

  /** The fields that a request may filter by, other than the id, in alphabetical order. */
  public List<String> fields() {
    TreeSet<String> names = new TreeSet<>();
    for (FieldInfo info : FieldInfos.getMergedFieldInfos(reader)) {
      if (SearchableFields.isExact(info) && !info.name.equals(IndexSchema.ID)) {
        names.add(info.name);
      }
    }
    return List.copyOf(names);
  }

  /**
   * The values of a field that begin with a prefix, in the order of their UTF-8.
   *
   * @param field as a request calls it; one that the index does not have has no values
   * @param most how many to return at most
   */
  public List<String> beginningWith(String prefix, String field, int most) throws IOException {
    List<String> values = new ArrayList<>();
    Terms terms = MultiTerms.getTerms(reader, IndexSchema.keywordField(field));
    if (terms == null) {
      return values;
    }
    TermsEnum each = terms.iterator();
    BytesRef start = new BytesRef(prefix);
    if (each.seekCeil(start) == TermsEnum.SeekStatus.END) {
      return values;
    }
    for (BytesRef term = each.term();
        term != null && values.size() < most && StringHelper.startsWith(term, start);
        term = each.next()) {
      values.add(term.utf8ToString());
    }
    return values;
  }

  /**
   * The values of a field, what is spelled most like a given one first: without regard to case,
   * those that hold it or that it holds, then by the number of letters to change.
   *
   * @param field as a request calls it
   * @param most how many to return at most; the nearest of the first 10,000
   */
  public List<String> nearestTo(String value, String field, int most) throws IOException {
    String wanted = comparable(value);
    Comparator<String> nearer = Comparator.comparingInt(known -> distance(wanted, known));
    return beginningWith("", field, MOST_COMPARED).stream()
        .sorted(nearer.thenComparing(Comparator.naturalOrder()))
        .limit(most)
        .toList();
  }

  /**
   * The values of a field that can be compared with a range, the nearest first.
   *
   * @param field as a request calls it
   * @param most how many to return at most; the nearest of the first 10,000
   */
  public List<String> nearestTo(ComparableRange range, String field, int most) throws IOException {
    return beginningWith("", field, MOST_COMPARED).stream()
        .filter(value -> range.distance(value) < Double.POSITIVE_INFINITY)
        .sorted(
            Comparator.<String>comparingDouble(range::distance)
                .thenComparing(Comparator.naturalOrder()))
        .limit(most)
        .toList();
  }

  private static int distance(String wanted, String known) {
    String other = comparable(known);
    int changes = changes(wanted, other);
    boolean partly = !wanted.isEmpty() && (other.contains(wanted) || wanted.contains(other));
    return partly ? changes - LONGEST_COMPARED : changes;
  }

  private static String comparable(String value) {
    String lower = value.strip().toLowerCase(Locale.ROOT);
    return lower.length() > LONGEST_COMPARED ? lower.substring(0, LONGEST_COMPARED) : lower;
  }

  /** Levenshtein's distance. */
  private static int changes(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
