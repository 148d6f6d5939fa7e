package io.github.semblance.opensearch;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.jspecify.annotations.Nullable;
import org.opensearch.common.unit.TimeValue;
import org.opensearch.index.shard.SearchOperationListener;
import org.opensearch.search.internal.SearchContext;

/**
 * What is known of the searches that run on this node and that a query is not told: which documents
 * the alias that was searched allows, and when the search is to end. OpenSearch applies an alias
 * around a query: then of the {@code k} closest documents only those are left that the alias
 * allows, and not the {@code k} closest of these. Thread-safe.
 */
final class ShardSearches implements SearchOperationListener {
  private final Map<IndexSearcher, Search> bySearcher =
      Collections.synchronizedMap(new WeakHashMap<>());

  /**
   * One search.
   *
   * @param alias null for all documents
   */
  record Search(@Nullable Query alias, @Nullable ShardDeadline deadline) {
    static final Search UNKNOWN = new Search(null, null);
  }

  @Override
  public void onPreQueryPhase(SearchContext search) {
    TimeValue timeout = search.timeout();
    remember(search, timeout == null ? -1 : timeout.millis());
  }

  @Override
  public void onPreFetchPhase(SearchContext search) {
    remember(search, -1);
  }

  private void remember(SearchContext search, long millis) {
    bySearcher.put(
        search.searcher(),
        new Search(search.aliasFilter(), new ShardDeadline(search.getTask(), millis)));
  }

  /** The search that a searcher was made for. */
  Search of(IndexSearcher searcher) {
    return bySearcher.getOrDefault(ShardSearcher.host(searcher), Search.UNKNOWN);
  }
}
