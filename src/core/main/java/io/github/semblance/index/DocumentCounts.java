package io.github.semblance.index;

import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.util.ArrayUtil;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.BytesRefHash;

/**
 * Counts what one writer does, each document once however often it is added. For one thread; what
 * {@link #statistics} returns may be handed to others.
 */
final class DocumentCounts {
  private static final int NOT_WRITTEN = -1;

  private final BytesRefHash ids = new BytesRefHash();

  /** By the number of an id, how many passages its document has. */
  private int[] passagesOf = new int[16];

  private long documents;
  private long passages;
  private long embedded;
  private long reused;
  private long unchanged;
  private long updated;
  private long tokens;
  private long duplicates;
  private long failed;
  private long truncated;
  private long shortenedTitles;
  private long droppedTokens;

  /** Whether a document of that id was added, even if it failed. */
  boolean has(BytesRef id) {
    return ids.find(id) >= 0;
  }

  void failed(String id) {
    BytesRef term = new BytesRef(id);
    if (term.length <= IndexWriter.MAX_TERM_LENGTH) { // a longer one is in no index
      numberOf(term);
    }
    failed++;
  }

  /**
   * Counts a document that is now in the index.
   *
   * @param written whether it had to be written to get there
   */
  void indexed(EmbeddingPipeline.Embedded document, boolean written) {
    int number = numberOf(new BytesRef(document.source().id()));
    int before = passagesOf[number];
    int now = document.block().size() - 1;
    passagesOf[number] = now;
    documents += before == NOT_WRITTEN ? 1 : 0;
    duplicates += before == NOT_WRITTEN ? 0 : 1;
    passages += now - Math.max(0, before);
    unchanged += written ? 0 : 1;
    updated += before == NOT_WRITTEN && written && document.known() ? 1 : 0;
    embedded += document.reused() ? 0 : now;
    reused += document.reused() ? now : 0;
    tokens += document.tokens();
    truncated += document.truncated() ? 1 : 0;
    shortenedTitles += document.titleShortened() ? 1 : 0;
    droppedTokens += document.droppedTokens();
  }

  private int numberOf(BytesRef id) {
    int number = ids.add(id);
    if (number < 0) {
      return -number - 1;
    }
    passagesOf = ArrayUtil.grow(passagesOf, number + 1);
    passagesOf[number] = NOT_WRITTEN;
    return number;
  }

  IndexStatistics statistics() {
    return new IndexStatistics(
        documents,
        passages,
        embedded,
        reused,
        unchanged,
        updated,
        tokens,
        duplicates,
        failed,
        truncated,
        shortenedTitles,
        droppedTokens);
  }
}
