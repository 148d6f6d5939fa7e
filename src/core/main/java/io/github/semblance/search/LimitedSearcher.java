package io.github.semblance.search;

import java.io.IOException;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.Collector;
import org.apache.lucene.search.CollectorManager;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TaskExecutor;
import org.apache.lucene.search.TermStatistics;

/**
 * Another searcher with a deadline of one search's own, which the other, shared by many searches,
 * cannot have. Searches with the other's threads, statistics, similarity and cache. For one search;
 * safe for use by the threads of that.
 */
final class LimitedSearcher extends IndexSearcher {
  private final IndexSearcher searcher;
  private final Deadline deadline;

  LimitedSearcher(IndexSearcher searcher, Deadline deadline) {
    super(searcher.getTopReaderContext());
    this.searcher = searcher;
    this.deadline = deadline;
    setSimilarity(searcher.getSimilarity());
    setQueryCache(searcher.getQueryCache());
    setQueryCachingPolicy(searcher.getQueryCachingPolicy());
    // Seen by queries that search in their rewrite, as those by vectors do.
    setTimeout(deadline);
  }

  @Override
  public <C extends Collector, T> T search(Query query, CollectorManager<C, T> collectors)
      throws IOException {
    boolean scores = collectors.newCollector().scoreMode().needsScores();
    Query rewritten = rewrite(scores ? query : new ConstantScoreQuery(query));
    return searcher.search(new LimitedQuery(rewritten, deadline), collectors);
  }

  @Override
  public TaskExecutor getTaskExecutor() {
    return searcher.getTaskExecutor();
  }

  @Override
  public TermStatistics termStatistics(Term term, int docFreq, long totalTermFreq)
      throws IOException {
    return searcher.termStatistics(term, docFreq, totalTermFreq);
  }

  @Override
  public CollectionStatistics collectionStatistics(String field) throws IOException {
    return searcher.collectionStatistics(field);
  }
}
