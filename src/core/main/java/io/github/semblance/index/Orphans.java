package io.github.semblance.index;

import java.io.IOException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;

/** Passages that no document has any more, as {@link SegmentBlocks} tells them. Stateless. */
final class Orphans {
  /** How many are deleted from one view of the index. */
  private static final int AT_A_TIME = 10_000;

  /** How often in a row a merge may take the view away before another attempt is given up. */
  private static final int ATTEMPTS = 10;

  private Orphans() {}

  /** Matches the orphans. */
  private static Query query() {
    return new BooleanQuery.Builder()
        .add(IndexSchema.passagesOnly(), Occur.FILTER)
        .add(SegmentBlocks.passages(), Occur.MUST_NOT)
        .build();
  }

  static long count(DirectoryReader reader) throws IOException {
    return new IndexSearcher(reader).count(query());
  }

  /**
   * Deletes all orphans of an index by their numbers. A query would not do: Lucene deletes by what
   * a segment holds, and does not tell the query which documents are deleted already.
   *
   * @return how many were deleted; those of segments that are being merged all the time remain
   */
  static long delete(IndexWriter writer) throws IOException {
    long deleted = 0;
    int missed = 0;
    while (missed < ATTEMPTS) {
      try (DirectoryReader reader = DirectoryReader.open(writer)) {
        ScoreDoc[] orphans = new IndexSearcher(reader).search(query(), AT_A_TIME).scoreDocs;
        if (orphans.length == 0) {
          break;
        }
        long before = deleted;
        for (ScoreDoc orphan : orphans) {
          deleted += writer.tryDeleteDocument(reader, orphan.doc) >= 0 ? 1 : 0;
        }
        missed = deleted == before ? missed + 1 : 0;
      }
    }
    return deleted;
  }
}
