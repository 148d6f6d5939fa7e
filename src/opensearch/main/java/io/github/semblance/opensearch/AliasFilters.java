package io.github.semblance.opensearch;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.jspecify.annotations.Nullable;
import org.opensearch.index.shard.SearchOperationListener;
import org.opensearch.search.internal.SearchContext;

/**
 * Which documents the alias that was searched allows. OpenSearch applies it around a query: then of
 * the {@code k} closest documents only those are left that the alias allows, and not the {@code k}
 * closest of these. Thread-safe.
 */
final class AliasFilters implements SearchOperationListener {
  private final Map<IndexSearcher, Query> bySearcher =
      Collections.synchronizedMap(new WeakHashMap<>());

  @Override
  public void onPreQueryPhase(SearchContext search) {
    remember(search);
  }

  @Override
  public void onPreFetchPhase(SearchContext search) {
    remember(search);
  }

  private void remember(SearchContext search) {
    if (search.aliasFilter() != null) {
      bySearcher.put(search.searcher(), search.aliasFilter());
    }
  }

  /** What the search allows that a searcher was made for; null for all. */
  @Nullable Query of(IndexSearcher searcher) {
    return bySearcher.get(ShardSearcher.host(searcher));
  }
}
