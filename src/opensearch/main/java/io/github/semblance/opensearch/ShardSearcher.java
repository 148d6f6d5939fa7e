package io.github.semblance.opensearch;

import java.io.IOException;
import org.apache.lucene.index.QueryTimeout;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermStatistics;
import org.jspecify.annotations.Nullable;

/**
 * Searches what another searcher does, within its time and by its statistics, which may be those of
 * all shards. The other one counts, profiles and limits what it collects itself; a search within
 * its search is none of that. On the thread that asks.
 */
final class ShardSearcher extends IndexSearcher {
  private final IndexSearcher host;
  private final boolean isPart;

  /**
   * Searches like another one.
   *
   * @param isPart whether the index has other shards, which may have words that this one lacks
   * @param deadline null for that of the other one
   */
  ShardSearcher(IndexSearcher host, boolean isPart, @Nullable QueryTimeout deadline) {
    super(host.getIndexReader());
    this.host = host;
    this.isPart = isPart;
    setSimilarity(host.getSimilarity());
    setQueryCache(host.getQueryCache());
    setQueryCachingPolicy(host.getQueryCachingPolicy());
    setTimeout(deadline == null ? host.getTimeout() : deadline);
  }

  /** The searcher of OpenSearch behind a searcher, or itself. */
  static IndexSearcher host(IndexSearcher searcher) {
    IndexSearcher host = searcher;
    while (host instanceof ShardSearcher inner) {
      host = inner.host;
    }
    return host;
  }

  @Override
  public TermStatistics termStatistics(Term term, int docFreq, long totalTermFreq)
      throws IOException {
    TermStatistics known = host.termStatistics(term, docFreq, totalTermFreq);
    // A shard that took a word which it lacks for none of the query's would measure its documents
    // by less than the other shards do. There it is rare; so it is here.
    return isPart && known.docFreq() == Integer.MAX_VALUE && !knowsAllShards(term.field())
        ? new TermStatistics(term.bytes(), 1, 1)
        : known;
  }

  /** With statistics of all shards, a word that has none is nowhere. */
  private boolean knowsAllShards(String field) throws IOException {
    CollectionStatistics known = host.collectionStatistics(field);
    return known != null && known.maxDoc() > getIndexReader().maxDoc();
  }

  @Override
  public CollectionStatistics collectionStatistics(String field) throws IOException {
    return host.collectionStatistics(field);
  }
}
