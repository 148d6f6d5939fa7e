package io.github.semblance.search;

import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SortedSetDocValues;
import org.apache.lucene.search.Collector;
import org.apache.lucene.search.CollectorManager;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.LeafCollector;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.Scorable;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.util.BytesRef;

/**
 * Counts the values that the documents found by a query have in one field, from its doc values:
 * nothing needs to be indexed for it beside the field itself. For one search; safe for use by the
 * threads of that.
 */
final class FacetCounter implements CollectorManager<FacetCounter.Counting, Map<BytesRef, Long>> {
  /**
   * How many different values a segment may have of a field. Nobody reads the counts of more, and
   * each takes memory during a search, in each segment and thread.
   */
  static final int MOST_VALUES = 100_000;

  private final String field;

  private FacetCounter(String field) {
    this.field = field;
  }

  /**
   * All values of the found documents with their counts, or those found until time was up.
   *
   * @param field with sorted or sorted-set doc values, if the index has it at all
   * @throws SearchRequestException if the field has too many different values
   */
  static Map<BytesRef, Long> count(IndexSearcher searcher, Query found, String field)
      throws IOException {
    return searcher.search(found, new FacetCounter(field));
  }

  /** The most frequent of some counts; equally frequent values by their code points. */
  static List<FacetCount> most(Map<BytesRef, Long> counts, int values) {
    return counts.entrySet().stream()
        .sorted(
            Map.Entry.<BytesRef, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(values)
        .map(entry -> new FacetCount(SearchableFields.text(entry.getKey()), entry.getValue()))
        .toList();
  }

  /**
   * How many different values a segment has.
   *
   * @throws SearchRequestException if there are too many
   */
  static int requireFew(String field, SortedSetDocValues values) {
    if (values.getValueCount() > MOST_VALUES) {
      throw new SearchRequestException(
          "facets and groups are made of fields with at most "
              + MOST_VALUES
              + " different values, got: \""
              + field
              + "\" with "
              + values.getValueCount());
    }
    return (int) values.getValueCount();
  }

  @Override
  public Counting newCollector() {
    return new Counting();
  }

  @Override
  public Map<BytesRef, Long> reduce(Collection<Counting> collectors) {
    Map<BytesRef, Long> all = new HashMap<>();
    for (Counting some : collectors) {
      some.counts.forEach((value, count) -> all.merge(value, count, Long::sum));
    }
    return all;
  }

  /** Counts for one thread. */
  final class Counting implements Collector {
    private final Map<BytesRef, Long> counts = new HashMap<>();

    @Override
    public LeafCollector getLeafCollector(LeafReaderContext context) throws IOException {
      SortedSetDocValues values = DocValues.getSortedSet(context.reader(), field);
      int[] byOrdinal = new int[requireFew(field, values)];
      return new LeafCollector() {
        @Override
        public void setScorer(Scorable unused) {}

        @Override
        public void collect(int doc) throws IOException {
          if (values.advanceExact(doc)) {
            for (int i = 0; i < values.docValueCount(); i++) {
              byOrdinal[(int) values.nextOrd()]++;
            }
          }
        }

        @Override
        public void finish() throws IOException {
          for (int ordinal = 0; ordinal < byOrdinal.length; ordinal++) {
            if (byOrdinal[ordinal] > 0) {
              counts.merge(
                  BytesRef.deepCopyOf(values.lookupOrd(ordinal)),
                  (long) byOrdinal[ordinal],
                  Long::sum);
            }
          }
        }
      };
    }

    @Override
    public ScoreMode scoreMode() {
      return ScoreMode.COMPLETE_NO_SCORES;
    }
  }
}
