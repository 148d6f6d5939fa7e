package io.github.semblance.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.SortedSetDocValues;
import org.apache.lucene.search.Collector;
import org.apache.lucene.search.CollectorManager;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.LeafCollector;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.Scorable;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TotalHits;
import org.apache.lucene.util.BytesRef;

/**
 * Keeps of each group, the documents that have the same value of a field, the best one. Of several
 * values the first by code points counts; documents without a value are a group of their own. For
 * one search; safe for use by the threads of that.
 */
final class GroupStep implements CollectorManager<GroupStep.Groups, GroupStep.Found> {
  private static final Comparator<ScoreDoc> BEST_FIRST =
      Comparator.comparingDouble((ScoreDoc hit) -> -hit.score)
          .thenComparingInt((ScoreDoc hit) -> hit.doc);

  private final String field;

  /**
   * Prepares for one field.
   *
   * @param field with sorted or sorted-set doc values, if the index has it at all
   */
  GroupStep(String field) {
    this.field = field;
  }

  /** The groups of what a query finds; their counts are known until time was up. */
  record Found(Map<Optional<BytesRef>, ScoreDoc> best, Map<Optional<BytesRef>, Long> counts) {

    /** The best documents of the best groups, best first, of all that were found. */
    TopDocs first(int groups) {
      return new TopDocs(
          new TotalHits(
              counts.values().stream().mapToLong(Long::longValue).sum(),
              TotalHits.Relation.EQUAL_TO),
          best.values().stream().sorted(BEST_FIRST).limit(groups).toArray(ScoreDoc[]::new));
    }
  }

  /**
   * Finds groups.
   *
   * @throws SearchRequestException if the field has too many different values
   */
  Found search(IndexSearcher searcher, Query query) throws IOException {
    return searcher.search(query, this);
  }

  /** The best of each group in the order of a ranking, each with its group. */
  Ranking apply(IndexSearcher searcher, Ranking ranking) throws IOException {
    List<Ranking.Ranked> best = ranking.best();
    Map<Optional<BytesRef>, Long> counts = search(searcher, ranking.scored()).counts();
    Map<Integer, Optional<BytesRef>> values = values(searcher, best);
    Set<Optional<BytesRef>> seen = new HashSet<>();
    List<Ranking.Ranked> first = new ArrayList<>();
    for (Ranking.Ranked found : best) {
      Optional<BytesRef> value = values.getOrDefault(found.doc(), Optional.empty());
      if (seen.add(value)) {
        first.add(
            found.in(
                new Hit.Group(
                    value.isPresent() ? SearchableFields.text(value.get()) : null,
                    counts.getOrDefault(value, 1L))));
      }
    }
    return ranking.inOrder(first);
  }

  private Map<Integer, Optional<BytesRef>> values(
      IndexSearcher searcher, List<Ranking.Ranked> ranked) throws IOException {
    List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
    int[] docs = ranked.stream().mapToInt(Ranking.Ranked::doc).sorted().toArray();
    Map<Integer, Optional<BytesRef>> byDoc = new HashMap<>();
    int at = 0;
    while (at < docs.length) {
      LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(docs[at], leaves));
      SortedSetDocValues values = DocValues.getSortedSet(leaf.reader(), field);
      int end = leaf.docBase + leaf.reader().maxDoc();
      for (; at < docs.length && docs[at] < end; at++) {
        byDoc.put(
            docs[at],
            values.advanceExact(docs[at] - leaf.docBase)
                ? Optional.of(BytesRef.deepCopyOf(values.lookupOrd(values.nextOrd())))
                : Optional.empty());
      }
    }
    return byDoc;
  }

  @Override
  public Groups newCollector() {
    return new Groups();
  }

  @Override
  public Found reduce(Collection<Groups> collectors) {
    Found all = new Found(new HashMap<>(), new HashMap<>());
    for (Groups some : collectors) {
      some.found.best().forEach((value, hit) -> all.best().merge(value, hit, GroupStep::better));
      some.found.counts().forEach((value, count) -> all.counts().merge(value, count, Long::sum));
    }
    return all;
  }

  private static ScoreDoc better(ScoreDoc one, ScoreDoc other) {
    return BEST_FIRST.compare(one, other) <= 0 ? one : other;
  }

  /** Groups for one thread. */
  final class Groups implements Collector {
    private final Found found = new Found(new HashMap<>(), new HashMap<>());

    @Override
    public LeafCollector getLeafCollector(LeafReaderContext context) throws IOException {
      SortedSetDocValues values = DocValues.getSortedSet(context.reader(), field);
      int none = FacetCounter.requireFew(field, values);
      int[] counts = new int[none + 1];
      int[] docs = new int[none + 1];
      float[] scores = new float[none + 1];
      Arrays.fill(scores, Float.NEGATIVE_INFINITY);
      return new LeafCollector() {
        private Scorable scorer = new NoScore();

        @Override
        public void setScorer(Scorable value) {
          scorer = value;
        }

        @Override
        public void collect(int doc) throws IOException {
          int group = values.advanceExact(doc) ? (int) values.nextOrd() : none;
          counts[group]++;
          float score = scorer.score();
          if (score > scores[group]) {
            scores[group] = score;
            docs[group] = doc;
          }
        }

        @Override
        public void finish() throws IOException {
          for (int group = 0; group <= none; group++) {
            if (counts[group] > 0) {
              Optional<BytesRef> value =
                  group == none
                      ? Optional.empty()
                      : Optional.of(BytesRef.deepCopyOf(values.lookupOrd(group)));
              ScoreDoc best = new ScoreDoc(context.docBase + docs[group], scores[group]);
              found.best().merge(value, best, GroupStep::better);
              found.counts().merge(value, (long) counts[group], Long::sum);
            }
          }
        }
      };
    }

    @Override
    public ScoreMode scoreMode() {
      return ScoreMode.COMPLETE;
    }
  }

  /** Until a scorer is set. */
  private static final class NoScore extends Scorable {
    @Override
    public float score() {
      return 0;
    }
  }
}
