package io.github.semblance.search;

import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.IndexIntegrity;
import io.github.semblance.index.IndexManifest;
import io.github.semblance.index.IndexOpenException;
import io.github.semblance.index.IndexSchema;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * Searches an index that {@code SemanticIndexWriter} wrote. Safe for use by many threads; sees the
 * commit that was the latest when it was opened, or what an application's own searcher sees.
 *
 * <p>Keyword search is BM25 (k1 1.2, b 0.75) over the catch-all field for any of the query's terms.
 * Hybrid search is a {@link HybridQuery} of the same and of its words as they were written, with
 * the default {@link Fusion}. Filters apply before a leg is searched. The same index and request
 * give the same hits in the same order.
 */
public final class SemanticSearcher implements Closeable {
  /** How deep both legs are searched; deeper does not change the first ten. */
  static final int DEPTH = 100;

  /** Up to here BM25 mode counts matches exactly; beyond, the total is a lower bound. */
  private static final int COUNT_UP_TO = 100_000;

  private final @Nullable TextEmbedder embedder;
  private final float cosineFloor;
  private final IndexManifest manifest;
  private final IndexReader reader;
  private final IndexSearcher searcher;
  private final Analyzer analyzer;
  private final SearchableFields fields;

  /** What this opened and closes, in that order. */
  private final List<Closeable> owned;

  private SemanticSearcher(
      IndexSearcher searcher,
      IndexManifest manifest,
      @Nullable TextEmbedder embedder,
      Analyzer analyzer,
      List<Closeable> owned) {
    this.reader = searcher.getIndexReader();
    this.manifest = manifest;
    this.embedder = embedder;
    this.cosineFloor = (embedder == null ? manifest.model() : embedder.model()).cosineFloor();
    this.searcher = searcher;
    this.fields = new SearchableFields(reader);
    this.analyzer = analyzer;
    this.owned = owned;
  }

  /**
   * Searches with an application's own searcher, as a {@code SearcherManager} gives it, near real
   * time included: what that sees, with its similarity and its threads. Cheap to make; closing it
   * closes nothing of the application's.
   *
   * @param searcher over the reader of an index to which a {@code SemanticIndexWriter} has
   *     committed
   * @param analyzer what the index was written with
   * @throws IndexOpenException if the reader has no commit of ours, or the index holds vectors of
   *     another model
   */
  public static SemanticSearcher over(
      IndexSearcher searcher, TextEmbedder embedder, Analyzer analyzer) throws IOException {
    if (!(searcher.getIndexReader() instanceof DirectoryReader reader)) {
      throw new IllegalArgumentException(
          "the searcher must be over a DirectoryReader, got: " + searcher.getIndexReader());
    }
    IndexManifest manifest = IndexManifest.read(reader);
    manifest.requireModel(embedder.model(), reader.directory());
    return new SemanticSearcher(searcher, manifest, embedder, analyzer, List.of());
  }

  /**
   * Opens the latest commit of an index folder. The embedder remains the caller's to close, after
   * the searcher.
   *
   * @throws IndexOpenException if there is no index, or it holds vectors of another model
   */
  public static SemanticSearcher open(Path folder, TextEmbedder embedder) throws IOException {
    IndexManifest.read(folder); // refuses a missing folder, which FSDirectory would create
    return open(FSDirectory.open(folder), embedder);
  }

  /**
   * Opens the latest commit of an index folder for keyword search alone, which needs no model.
   *
   * @throws IndexOpenException if there is no index, or its terms are the word pieces of its model
   */
  public static SemanticSearcher openForKeywords(Path folder) throws IOException {
    IndexManifest.read(folder);
    return openDirectory(FSDirectory.open(folder), null);
  }

  /**
   * Opens the latest commit of a directory, which closes with the searcher or if opening fails.
   *
   * @throws IndexOpenException if there is no index, or it holds vectors of another model
   */
  public static SemanticSearcher open(Directory directory, TextEmbedder embedder)
      throws IOException {
    return openDirectory(directory, embedder);
  }

  private static SemanticSearcher openDirectory(
      Directory directory, @Nullable TextEmbedder embedder) throws IOException {
    DirectoryReader reader = null;
    try {
      IndexManifest.read(directory); // has the better messages for what is no index
      reader = IndexIntegrity.open(directory);
      IndexManifest manifest = IndexManifest.read(reader);
      if (embedder != null) {
        manifest.requireModel(embedder.model(), directory);
      }
      Analyzer analyzer = manifest.newAnalyzer(embedder);
      return new SemanticSearcher(
          new IndexSearcher(reader),
          manifest,
          embedder,
          analyzer,
          List.of(analyzer, reader, directory));
    } catch (IOException | RuntimeException e) {
      if (reader != null) {
        reader.close();
      }
      directory.close();
      throw e;
    }
  }

  /** What wrote the index. */
  public IndexManifest manifest() {
    return manifest;
  }

  /** How many documents, not passages, the index holds. */
  public int documents() throws IOException {
    return searcher.count(IndexSchema.parents().getQuery());
  }

  /**
   * Answers one request.
   *
   * @throws SearchRequestException if a filter or boost names a field that the index does not have,
   *     a query is not in Lucene syntax, a document to be like does not exist, or the mode needs a
   *     model and the searcher was opened without
   * @throws IndexOpenException if a file of the index turns out to be damaged
   */
  public SearchResults search(SearchRequest request) throws IOException {
    return IndexIntegrity.reading(reader, () -> read(request));
  }

  private SearchResults read(SearchRequest request) throws IOException {
    long start = System.nanoTime();
    Answer answer = answer(request);
    List<Hit> hits =
        new HitReader(
                searcher,
                manifest.fields(),
                new SnippetMaker(searcher, analyzer, answer.highlighted()),
                request.explain())
            .read(answer.ranking());
    return new SearchResults(
        request,
        answer.ranking().total(),
        Duration.ofNanos(System.nanoTime() - start),
        hits,
        answer.ignoredTerms(),
        answer.droppedTokens());
  }

  /**
   * Answers one request with ids and scores, in the order of {@link #search}, and reads nothing
   * else of the documents: for whoever looks at many hits, as an evaluation or a reranker does.
   *
   * @throws SearchRequestException as {@link #search} does
   */
  public List<ScoredId> rank(SearchRequest request) throws IOException {
    return IndexIntegrity.reading(
        reader,
        () -> ScoredId.read(reader, manifest.fields().id(), answer(request).ranking().best()));
  }

  /** A ranking and what {@link SearchResults} tells beside it. */
  private record Answer(Ranking ranking, Query highlighted, int ignoredTerms, int droppedTokens) {}

  private Answer answer(SearchRequest request) throws IOException {
    try {
      return switch (request.question()) {
        case Question.Words words -> answer(words, request);
        case Question.Syntax syntax -> answer(syntax, request);
        case Question.Like like -> answer(like, request);
      };
    } catch (IndexSearcher.TooManyClauses e) {
      throw new SearchRequestException(
          "query and filters must have at most " + IndexSearcher.getMaxClauseCount() + " clauses",
          e);
    }
  }

  private Answer answer(Question.Words words, SearchRequest request) throws IOException {
    Query filter = fields.filter(request.filters());
    BagOfWords lexical = lexical(words, request);
    Query highlighted = bag(IndexSchema.TEXT, words, termsPerField(request)).query();
    if (request.mode() == SearchMode.BM25) {
      return new Answer(
          bm25(lexical.query(), filter, request.top()), highlighted, lexical.ignoredTerms(), 0);
    }
    Embedding embedding = model(request).embedQuery(words.text());
    return new Answer(
        withVector(lexical.query(), filter, embedding.vector(), request),
        highlighted,
        request.mode() == SearchMode.SEMANTIC ? 0 : lexical.ignoredTerms(),
        embedding.droppedTokens());
  }

  private Answer answer(Question.Syntax syntax, SearchRequest request) throws IOException {
    SemanticQueryParser parser =
        new SemanticQueryParser(
            fields,
            analyzer,
            request.mode() == SearchMode.BM25 ? null : embedder,
            depth(request),
            minSimilarity(request));
    Query query;
    try {
      query = parser.parse(syntax.text(), fields.filter(request.filters()));
    } catch (QuerySyntaxException e) {
      throw new SearchRequestException(e.getMessage(), e);
    }
    return new Answer(matching(query, request.mode(), request.top()), query, 0, 0);
  }

  private Answer answer(Question.Like like, SearchRequest request) throws IOException {
    SemanticQuery query =
        SemanticQuery.moreLike(
            searcher,
            like.text(),
            depth(request),
            fields.filter(request.filters()),
            minSimilarity(request));
    return new Answer(semantic(query, request.top()), new MatchNoDocsQuery("no words"), 0, 0);
  }

  private TextEmbedder model(SearchRequest request) {
    if (embedder == null) {
      throw new SearchRequestException(
          "an index opened for keyword search has BM25 mode only, got: " + request.mode());
    }
    return embedder;
  }

  private static int depth(SearchRequest request) {
    return Math.max(DEPTH, request.top());
  }

  private static float minSimilarity(SearchRequest request) {
    Float limit = request.minSimilarity();
    return limit == null ? SemanticQuery.ANY_SIMILARITY : limit;
  }

  private Ranking bm25(Query lexical, @Nullable Query filter, int top) throws IOException {
    Query query = lexical;
    if (filter != null) {
      query = new BooleanQuery.Builder().add(lexical, Occur.MUST).add(filter, Occur.FILTER).build();
    }
    return matching(query, SearchMode.BM25, top);
  }

  /** The best of all documents that match; in BM25 mode their scores are the lexical leg's. */
  private Ranking matching(Query query, SearchMode mode, int top) throws IOException {
    TopDocs found =
        searcher.search(
            query,
            new TopScoreDocCollectorManager(
                Math.min(top, Math.max(1, reader.maxDoc())), COUNT_UP_TO));
    Map<Integer, Integer> passages = closestPassages(query, found.scoreDocs);
    List<Ranking.Ranked> best = new ArrayList<>();
    for (ScoreDoc hit : found.scoreDocs) {
      Hit.Leg leg = mode == SearchMode.BM25 ? new Hit.Leg(best.size() + 1, hit.score) : null;
      best.add(
          new Ranking.Ranked(hit.doc, hit.score, leg, null, passages.getOrDefault(hit.doc, -1)));
    }
    return new Ranking(found.totalHits, best, query);
  }

  /** Of each document the passage closest to the first semantic clause, if the query has one. */
  private Map<Integer, Integer> closestPassages(Query query, ScoreDoc[] hits) throws IOException {
    List<SemanticQuery> meanings = new ArrayList<>();
    query.visit(
        new QueryVisitor() {
          @Override
          public void visitLeaf(Query leaf) {
            if (leaf instanceof SemanticQuery semantic) {
              meanings.add(semantic);
            }
          }
        });
    Map<Integer, Integer> passages = new HashMap<>();
    if (!meanings.isEmpty()) {
      int[] docs = Arrays.stream(hits).mapToInt(hit -> hit.doc).toArray();
      for (ClosestPassage closest : meanings.getFirst().closest(searcher, docs)) {
        passages.put(closest.doc(), closest.passage());
      }
    }
    return passages;
  }

  private Ranking withVector(
      Query lexical, @Nullable Query filter, float[] vector, SearchRequest request)
      throws IOException {
    SemanticQuery semantic =
        new SemanticQuery(vector, depth(request), filter, minSimilarity(request));
    return request.mode() == SearchMode.SEMANTIC
        ? semantic(semantic, request.top())
        : hybrid(new HybridQuery(lexical, semantic, Fusion.convex(cosineFloor)), request.top());
  }

  private Ranking semantic(SemanticQuery query, int top) throws IOException {
    List<ClosestPassage> found = query.search(searcher);
    List<Ranking.Ranked> best = new ArrayList<>();
    for (ClosestPassage hit : found.subList(0, Math.min(top, found.size()))) {
      Hit.Leg leg = new Hit.Leg(best.size() + 1, hit.cosine());
      best.add(new Ranking.Ranked(hit.doc(), hit.cosine(), null, leg, hit.passage()));
    }
    return new Ranking(Ranking.exactly(found.size()), best, query.toScoredDocs(searcher, found));
  }

  private Ranking hybrid(HybridQuery query, int top) throws IOException {
    List<FusedHit> fused = query.search(searcher);
    List<Ranking.Ranked> best = new ArrayList<>();
    for (FusedHit hit : fused.subList(0, Math.min(top, fused.size()))) {
      Candidate candidate = hit.candidate();
      best.add(
          new Ranking.Ranked(
              candidate.doc(),
              hit.score(),
              leg(hit.lexicalRank(), candidate.bm25()),
              leg(hit.semanticRank(), candidate.cosine()),
              candidate.passage()));
    }
    return new Ranking(Ranking.exactly(fused.size()), best, query.toScoredDocs(searcher, fused));
  }

  private static Hit.@Nullable Leg leg(int rank, float score) {
    return rank == 0 ? null : new Hit.Leg(rank, score);
  }

  private BagOfWords lexical(Question.Words words, SearchRequest request) throws IOException {
    int limit = termsPerField(request);
    BagOfWords bag = bag(IndexSchema.CATCH_ALL, words, limit);
    Query keywords = bag.query();
    int ignored = bag.ignoredTerms();
    if (request.mode() == SearchMode.HYBRID) {
      BagOfWords exact =
          BagOfWords.of(reader, IndexSchema.EXACT_ANALYZER, IndexSchema.EXACT, words.text(), limit);
      ignored = Math.max(ignored, exact.ignoredTerms());
      // Of documents that the catch-all field finds: its analyzer knows the stop words.
      keywords =
          new BooleanQuery.Builder()
              .add(keywords, Occur.MUST)
              .add(new BoostQuery(exact.query(), HybridQuery.EXACT_BOOST), Occur.SHOULD)
              .build();
    }
    BooleanQuery.Builder query = new BooleanQuery.Builder().add(keywords, Occur.SHOULD);
    for (Map.Entry<String, Float> boost : request.boosts().entrySet()) {
      Query inField = bag(fields.boosted(boost.getKey()), words, limit).query();
      query.add(new BoostQuery(inField, boost.getValue()), Occur.SHOULD);
    }
    return new BagOfWords(query.build(), ignored);
  }

  private BagOfWords bag(String field, Question.Words words, int limit) throws IOException {
    return BagOfWords.of(reader, analyzer, field, words.text(), limit);
  }

  /** Lucene counts the clauses of all fields, of each filter, and of the mark of a document. */
  private static int termsPerField(SearchRequest request) {
    int left = IndexSearcher.getMaxClauseCount() - request.filters().size() - 1;
    int fields = (request.mode() == SearchMode.HYBRID ? 2 : 1) + request.boosts().size();
    return Math.max(1, left / fields);
  }

  @Override
  public void close() throws IOException {
    IOUtils.close(owned);
  }
}
