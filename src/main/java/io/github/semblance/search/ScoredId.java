package io.github.semblance.search;

import io.github.semblance.index.IndexSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.SortedDocValues;

/**
 * A found document by its id. Immutable.
 *
 * @param score as in {@link Hit}
 */
public record ScoredId(String id, float score) {

  /** Reads the ids of documents from doc values, which go through a segment in one direction. */
  static List<ScoredId> read(IndexReader reader, List<Ranking.Ranked> ranked) throws IOException {
    List<LeafReaderContext> leaves = reader.leaves();
    Map<Integer, SortedDocValues> idsByLeaf = new HashMap<>();
    Map<Integer, String> ids = new HashMap<>();
    for (Ranking.Ranked found :
        ranked.stream().sorted(Comparator.comparingInt(Ranking.Ranked::doc)).toList()) {
      LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(found.doc(), leaves));
      SortedDocValues values = idsByLeaf.get(leaf.ord);
      if (values == null) {
        values = DocValues.getSorted(leaf.reader(), IndexSchema.ID);
        idsByLeaf.put(leaf.ord, values);
      }
      if (!values.advanceExact(found.doc() - leaf.docBase)) {
        throw new IllegalStateException("document " + found.doc() + " has no id");
      }
      ids.put(found.doc(), values.lookupOrd(values.ordValue()).utf8ToString());
    }
    List<ScoredId> scored = new ArrayList<>(ranked.size());
    for (Ranking.Ranked found : ranked) {
      scored.add(new ScoredId(ids.getOrDefault(found.doc(), ""), found.score()));
    }
    return scored;
  }
}
