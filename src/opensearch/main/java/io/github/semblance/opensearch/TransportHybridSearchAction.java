package io.github.semblance.opensearch;

import io.github.semblance.index.IndexSchema;
import io.github.semblance.search.Candidate;
import io.github.semblance.search.FusedHit;
import io.github.semblance.search.Fusion;
import io.github.semblance.search.HybridQuery;
import io.github.semblance.search.SemanticQuery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.lucene.document.Document;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;
import org.opensearch.OpenSearchException;
import org.opensearch.OpenSearchStatusException;
import org.opensearch.action.StepListener;
import org.opensearch.action.search.SearchRequest;
import org.opensearch.action.search.SearchResponse;
import org.opensearch.action.support.ActionFilters;
import org.opensearch.action.support.PlainActionFuture;
import org.opensearch.action.support.broadcast.BroadcastShardOperationFailedException;
import org.opensearch.action.support.broadcast.TransportBroadcastAction;
import org.opensearch.cluster.ClusterState;
import org.opensearch.cluster.block.ClusterBlockException;
import org.opensearch.cluster.block.ClusterBlockLevel;
import org.opensearch.cluster.metadata.IndexNameExpressionResolver;
import org.opensearch.cluster.routing.GroupShardsIterator;
import org.opensearch.cluster.routing.ShardIterator;
import org.opensearch.cluster.routing.ShardRouting;
import org.opensearch.cluster.service.ClusterService;
import org.opensearch.common.inject.Inject;
import org.opensearch.common.lucene.search.Queries;
import org.opensearch.core.action.ActionListener;
import org.opensearch.core.action.support.DefaultShardOperationFailedException;
import org.opensearch.core.common.bytes.BytesReference;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.index.shard.ShardId;
import org.opensearch.core.rest.RestStatus;
import org.opensearch.index.IndexService;
import org.opensearch.index.engine.Engine;
import org.opensearch.index.mapper.IdFieldMapper;
import org.opensearch.index.mapper.Uid;
import org.opensearch.index.query.BoolQueryBuilder;
import org.opensearch.index.query.IdsQueryBuilder;
import org.opensearch.index.query.QueryBuilder;
import org.opensearch.index.query.QueryBuilders;
import org.opensearch.index.query.QueryRewriteContext;
import org.opensearch.index.query.QueryShardContext;
import org.opensearch.index.query.Rewriteable;
import org.opensearch.index.shard.IndexShard;
import org.opensearch.indices.IndicesService;
import org.opensearch.search.SearchHit;
import org.opensearch.search.SearchService;
import org.opensearch.search.builder.SearchSourceBuilder;
import org.opensearch.search.fetch.subphase.FetchSourceContext;
import org.opensearch.search.internal.AliasFilter;
import org.opensearch.tasks.Task;
import org.opensearch.threadpool.ThreadPool;
import org.opensearch.transport.TransportService;
import org.opensearch.transport.client.node.NodeClient;

/**
 * Hybrid search over all shards: the node that was asked embeds the text, gets each shard's
 * candidates, fuses them together and fetches the page that was asked for. Thread-safe.
 *
 * <p>A shard that fails is asked again on its other copies. What no copy answers for is missing
 * from the result and told in {@code _shards}, unless it is everything. A time limit is for the
 * shards' searches together; each returns what it has found by then. A search can be cancelled, and
 * is when its client goes away.
 */
public final class TransportHybridSearchAction
    extends TransportBroadcastAction<
        HybridSearchRequest, HybridSearchResponse, HybridShardRequest, HybridShardResponse> {
  /** Of two documents with one id, on two shards, one is not wanted; most indexes have none. */
  private static final int MOST_FETCHED = 10_000;

  /** Shards only gather candidates. */
  private static final Fusion FUSED_ELSEWHERE = Fusion.convex(0);

  private final NodeModel model;
  private final SearchService searchService;
  private final IndicesService indicesService;
  private final NodeClient client;

  /** Called by OpenSearch. */
  @Inject
  public TransportHybridSearchAction(
      NodeModel model,
      ClusterService clusterService,
      TransportService transportService,
      SearchService searchService,
      IndicesService indicesService,
      NodeClient client,
      ActionFilters filters,
      IndexNameExpressionResolver expressionResolver) {
    super(
        HybridSearchResponse.ACTION.name(),
        clusterService,
        transportService,
        filters,
        expressionResolver,
        HybridSearchRequest::new,
        HybridShardRequest::new,
        ThreadPool.Names.SEARCH);
    this.model = model;
    this.searchService = searchService;
    this.indicesService = indicesService;
    this.client = client;
  }

  @Override
  protected void doExecute(
      Task task, HybridSearchRequest request, ActionListener<HybridSearchResponse> listener) {
    long start = System.nanoTime();
    request.nowInMillis(System.currentTimeMillis());
    request.preference(request.preference()); // of the question as it was asked
    QueryRewriteContext rewriting = searchService.getRewriteContext(request::nowInMillis, request);
    StepListener<QueryBuilder> lexical = new StepListener<>();
    StepListener<@Nullable QueryBuilder> filter = new StepListener<>();
    StepListener<QueryVector> vector = new StepListener<>();
    StepListener<HybridSearchResponse> fused = new StepListener<>();
    lexical.whenComplete(
        rewritten -> {
          request.lexical(rewritten);
          if (request.filter() == null) {
            filter.onResponse(null);
          } else {
            Rewriteable.rewriteAndFetch(request.filter(), rewriting, filter);
          }
        },
        listener::onFailure);
    filter.whenComplete(
        rewritten -> {
          request.filter(rewritten);
          model.embedQuery(request.text(), vector);
        },
        listener::onFailure);
    vector.whenComplete(
        embedded -> {
          request.vector(embedded);
          super.doExecute(task, request, fused);
        },
        listener::onFailure);
    fused.whenComplete(
        page -> fetch(request, requireAnswers(page), start, listener), listener::onFailure);
    Rewriteable.rewriteAndFetch(request.lexical(), rewriting, lexical);
  }

  /** Where a document is. */
  private record Place(String index, int shard, String id) {}

  @Override
  protected GroupShardsIterator<ShardIterator> shards(
      ClusterState state, HybridSearchRequest request, String[] concreteIndices) {
    Set<String> names = indexNameExpressionResolver.resolveExpressions(state, request.indices());
    Map<String, AliasFilter> filters = new HashMap<>();
    for (String index : concreteIndices) {
      filters.put(index, searchService.buildAliasFilter(state, index, names));
    }
    request.aliasFilters(filters);
    Map<String, Set<String>> routing =
        indexNameExpressionResolver.resolveSearchRouting(
            state, request.routing(), request.indices());
    return clusterService
        .operationRouting()
        .searchShards(state, concreteIndices, routing, request.preference());
  }

  @Override
  protected @Nullable ClusterBlockException checkGlobalBlock(
      ClusterState state, HybridSearchRequest request) {
    return state.blocks().globalBlockedException(ClusterBlockLevel.READ);
  }

  @Override
  protected @Nullable ClusterBlockException checkRequestBlock(
      ClusterState state, HybridSearchRequest request, String[] concreteIndices) {
    return state.blocks().indicesBlockedException(ClusterBlockLevel.READ, concreteIndices);
  }

  @Override
  protected HybridShardRequest newShardRequest(
      int shards, ShardRouting shard, HybridSearchRequest request) {
    return new HybridShardRequest(
        shard.shardId(), request.aliasFilter(shard.getIndexName()), request);
  }

  @Override
  protected HybridShardResponse readShardResponse(StreamInput in) throws IOException {
    return new HybridShardResponse(in);
  }

  @Override
  protected HybridShardResponse shardOperation(HybridShardRequest request, Task task)
      throws IOException {
    IndexService index = indicesService.indexServiceSafe(request.shardId().getIndex());
    IndexShard shard = index.getShard(request.shardId().id());
    awaitRefresh(shard);
    ShardDeadline deadline = new ShardDeadline(task, request.millisLeft());
    try (Engine.Searcher searcher = shard.acquireSearcher("semblance")) {
      searcher.setTimeout(deadline);
      QueryShardContext context =
          index.newQueryShardContext(request.shardId().id(), searcher, request::nowInMillis, null);
      VectorLeg.requireModel(context, request.field(), request.vector());
      HybridQuery query =
          new HybridQuery(
              documents(
                  Words.toQuery(Rewriteable.rewrite(request.lexical(), context, true), context)),
              new SemanticQuery(
                  request.vector().vector(),
                  request.depth(),
                  filter(request, context),
                  request.minSimilarity()),
              FUSED_ELSEWHERE);
      List<HybridShardResponse.Found> found = new ArrayList<>();
      for (Candidate candidate : query.candidates(searcher, 0)) {
        found.add(describe(searcher, candidate));
      }
      return new HybridShardResponse(request.shardId(), found, deadline.hasPassed());
    }
  }

  /** A shard that nobody has searched for a while does not refresh by itself. */
  private static void awaitRefresh(IndexShard shard) {
    PlainActionFuture<Boolean> refreshed = PlainActionFuture.newFuture();
    shard.awaitShardSearchActive(refreshed::onResponse);
    boolean unused = refreshed.actionGet();
  }

  /** Without the documents of other nested fields. */
  private static Query documents(Query lexical) {
    return new BooleanQuery.Builder()
        .add(lexical, Occur.MUST)
        .add(Queries.newNonNestedFilter(), Occur.FILTER)
        .build();
  }

  private static @Nullable Query filter(HybridShardRequest request, QueryShardContext context) {
    List<Query> filters = new ArrayList<>();
    if (request.filter() != null) {
      filters.add(context.toQuery(request.filter()).query());
    }
    if (request.aliasFilter().getQueryBuilder() != null) {
      filters.add(context.toQuery(request.aliasFilter().getQueryBuilder()).query());
    }
    if (filters.size() < 2) {
      return filters.isEmpty() ? null : filters.getFirst();
    }
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    filters.forEach(filter -> all.add(filter, Occur.FILTER));
    return all.build();
  }

  private static HybridShardResponse.Found describe(IndexSearcher searcher, Candidate candidate)
      throws IOException {
    Document stored = searcher.storedFields().document(candidate.doc(), Set.of(IdFieldMapper.NAME));
    BytesRef id = stored.getBinaryValue(IdFieldMapper.NAME);
    return new HybridShardResponse.Found(
        candidate,
        Uid.decodeId(id.bytes, id.offset, id.length),
        PassageOffset.of(searcher, candidate.passage(), IndexSchema.PASSAGE_START),
        PassageOffset.of(searcher, candidate.passage(), IndexSchema.PASSAGE_END));
  }

  @Override
  @SuppressWarnings("rawtypes") // as it is declared by OpenSearch
  protected HybridSearchResponse newResponse(
      HybridSearchRequest request, AtomicReferenceArray responses, ClusterState state) {
    List<DefaultShardOperationFailedException> failures = new ArrayList<>();
    List<HybridShardResponse> answers = new ArrayList<>();
    List<Candidate> candidates = new ArrayList<>();
    Map<Candidate, HybridShardResponse.Found> found = new HashMap<>();
    for (int i = 0; i < responses.length(); i++) {
      // Null for a shard without a copy that could have been asked.
      Object response = responses.get(i);
      if (response instanceof HybridShardResponse answer) {
        for (HybridShardResponse.Found one : answer.found()) {
          Candidate candidate = one.of(answers.size());
          candidates.add(candidate);
          found.put(candidate, one);
        }
        answers.add(answer);
      } else if (response instanceof BroadcastShardOperationFailedException failure) {
        failures.add(new DefaultShardOperationFailedException(failure));
      }
    }
    List<FusedHit> fused =
        request.fusion(model.facts().cosineFloor()).fuse(candidates, request.depth());
    int from = Math.min(request.from(), fused.size());
    int to = Math.min(from + request.size(), fused.size());
    List<HybridSearchResponse.Hit> page = new ArrayList<>(to - from);
    for (FusedHit hit : fused.subList(from, to)) {
      HybridShardResponse.Found one = Objects.requireNonNull(found.get(hit.candidate()));
      ShardId shard = answers.get(hit.candidate().shard()).getShardId();
      page.add(HybridSearchResponse.Hit.of(hit, shard, one.id(), one.start(), one.end()));
    }
    return new HybridSearchResponse(
        responses.length(),
        answers.size(),
        failures,
        0,
        fused.size(),
        request.vector().droppedTokens(),
        answers.stream().anyMatch(HybridShardResponse::timedOut),
        page);
  }

  private static HybridSearchResponse requireAnswers(HybridSearchResponse response)
      throws Exception {
    if (response.getSuccessfulShards() > 0 || response.getTotalShards() == 0) {
      return response;
    }
    if (response.getShardFailures().length == 0) {
      throw new OpenSearchStatusException(
          "none of the " + response.getTotalShards() + " shards has a copy that could be asked",
          RestStatus.SERVICE_UNAVAILABLE);
    }
    Throwable reason = response.getShardFailures()[0].getCause();
    throw reason instanceof Exception e ? e : new OpenSearchException(reason);
  }

  private void fetch(
      HybridSearchRequest request,
      HybridSearchResponse fused,
      long start,
      ActionListener<HybridSearchResponse> listener) {
    FetchSourceContext source = request.source();
    if (fused.hits().isEmpty() || !source.fetchSource()) {
      listener.onResponse(fused.with(fused.hits(), millisSince(start)));
      return;
    }
    Map<String, IdsQueryBuilder> idsByIndex = new HashMap<>();
    for (HybridSearchResponse.Hit hit : fused.hits()) {
      idsByIndex.computeIfAbsent(hit.index(), index -> new IdsQueryBuilder()).addIds(hit.id());
    }
    BoolQueryBuilder documents = new BoolQueryBuilder();
    idsByIndex.forEach(
        (index, ids) ->
            documents.should(
                new BoolQueryBuilder()
                    .filter(QueryBuilders.termQuery("_index", index))
                    .filter(ids)));
    SearchRequest search =
        new SearchRequest(idsByIndex.keySet().toArray(String[]::new))
            .routing(request.routing())
            .preference(request.preference())
            .allowPartialSearchResults(false)
            .source(
                new SearchSourceBuilder()
                    .query(new BoolQueryBuilder().filter(documents))
                    .size(Math.min(MOST_FETCHED, fused.hits().size() * fused.getTotalShards()))
                    .fetchSource(source));
    client.search(
        search,
        ActionListener.wrap(
            found -> listener.onResponse(fused.with(join(fused, found), millisSince(start))),
            listener::onFailure));
  }

  private static List<HybridSearchResponse.Hit> join(
      HybridSearchResponse fused, SearchResponse found) {
    Map<Place, BytesReference> sources = new HashMap<>();
    for (SearchHit hit : found.getHits()) {
      if (hit.getSourceRef() != null) {
        ShardId shard = hit.getShard().getShardId();
        sources.put(new Place(shard.getIndexName(), shard.id(), hit.getId()), hit.getSourceRef());
      }
    }
    return fused.hits().stream()
        .map(hit -> hit.withSource(sources.get(new Place(hit.index(), hit.shard(), hit.id()))))
        .toList();
  }

  private static long millisSince(long start) {
    return (System.nanoTime() - start) / 1_000_000;
  }
}
