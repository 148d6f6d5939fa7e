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

  /**
   * Searches like another one.
   *
   * @param deadline null for that of the other one
   */
  ShardSearcher(IndexSearcher host, @Nullable QueryTimeout deadline) {
    super(host.getIndexReader());
    this.host = host;
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
    return host.termStatistics(term, docFreq, totalTermFreq);
  }

  @Override
  public CollectionStatistics collectionStatistics(String field) throws IOException {
    return host.collectionStatistics(field);
  }
}
