package io.github.semblance.search;

import io.github.semblance.index.IndexSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.IndexSearcher;

/**
 * How close a passage of a document is to a query. Immutable; offsets count {@code char}s of the
 * document's text.
 *
 * @param start of the passage
 * @param end after its last {@code char}
 * @param cosine of the query and the passage, exact, from -1 to 1
 */
public record PassageMatch(int start, int end, float cosine) {

  /** The closest passages of a document, closest first; equally close ones in text order. */
  static List<PassageMatch> of(IndexSearcher searcher, float[] query, int doc, int most)
      throws IOException {
    List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
    LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(doc, leaves));
    NumericDocValues starts = DocValues.getNumeric(leaf.reader(), IndexSchema.PASSAGE_START);
    NumericDocValues ends = DocValues.getNumeric(leaf.reader(), IndexSchema.PASSAGE_END);
    List<ClosestPassage> passages = new ArrayList<>();
    PassageVectors.visit(
        searcher,
        new int[] {doc},
        (at, passage, vector) ->
            passages.add(
                new ClosestPassage(
                    doc, passage - leaf.docBase, ClosestPassage.cosine(query, vector))));
    List<PassageMatch> matches = new ArrayList<>(passages.size());
    for (ClosestPassage one : passages) {
      if (starts.advanceExact(one.passage()) && ends.advanceExact(one.passage())) {
        matches.add(
            new PassageMatch((int) starts.longValue(), (int) ends.longValue(), one.cosine()));
      }
    }
    return matches.stream()
        .sorted(Comparator.comparingDouble((PassageMatch match) -> -match.cosine))
        .limit(most)
        .toList();
  }
}
