package io.github.semblance.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.index.StoredFields;

/**
 * A found document by its id. Immutable.
 *
 * @param score as in {@link Hit}
 */
public record ScoredId(String id, float score) {

  /**
   * Reads the ids of documents from doc values, which go through a segment in one direction, or
   * from stored fields where an application's id has none.
   */
  static List<ScoredId> read(IndexReader reader, String field, List<Ranking.Ranked> ranked)
      throws IOException {
    StoredFields stored = reader.storedFields();
    List<LeafReaderContext> leaves = reader.leaves();
    Map<Integer, SortedDocValues> idsByLeaf = new HashMap<>();
    Map<Integer, String> ids = new HashMap<>();
    for (Ranking.Ranked found :
        ranked.stream().sorted(Comparator.comparingInt(Ranking.Ranked::doc)).toList()) {
      LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(found.doc(), leaves));
      SortedDocValues values = idsByLeaf.get(leaf.ord);
      if (values == null) {
        values = leaf.reader().getSortedDocValues(field);
        idsByLeaf.put(leaf.ord, values);
      }
      String id = null;
      if (values == null) {
        id = stored.document(found.doc(), Set.of(field)).get(field);
      } else if (values.advanceExact(found.doc() - leaf.docBase)) {
        id = values.lookupOrd(values.ordValue()).utf8ToString();
      }
      if (id == null) {
        throw new IllegalStateException(
            "document " + found.doc() + " has no id: field \"" + field + "\" is not stored");
      }
      ids.put(found.doc(), id);
    }
    List<ScoredId> scored = new ArrayList<>(ranked.size());
    for (Ranking.Ranked found : ranked) {
      scored.add(new ScoredId(ids.getOrDefault(found.doc(), ""), found.score()));
    }
    return scored;
  }
}
