package io.github.semblance.search;

import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.IndexIntegrity;
import io.github.semblance.index.IndexManifest;
import io.github.semblance.index.IndexOpenException;
import io.github.semblance.index.IndexSchema;
import io.github.semblance.index.Tuning;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.QueryTimeout;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TotalHits;
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
 * the default {@link Fusion}, in which meaning has the weight that the index was tuned to, if it
 * was. Filters apply before a leg is searched. The same index and request give the same hits in the
 * same order.
 */
public final class SemanticSearcher implements Closeable {
  private final @Nullable TextEmbedder embedder;
  private final Fusion.Convex fusion;
  private final IndexManifest manifest;
  private final IndexReader reader;
  private final IndexSearcher searcher;
  private final Analyzer analyzer;
  private final SearchableFields fields;
  private final @Nullable SentenceVectors sentences;

  /** What documents must match beside a request's own filters; null for all. */
  private final @Nullable Query allowed;

  /** What this opened and closes, in that order. */
  private final List<Closeable> owned;

  private SemanticSearcher(
      IndexSearcher searcher,
      IndexManifest manifest,
      @Nullable TextEmbedder embedder,
      Analyzer analyzer,
      @Nullable Query allowed,
      @Nullable SentenceVectors sentences,
      List<Closeable> owned) {
    this.reader = searcher.getIndexReader();
    this.manifest = manifest;
    this.embedder = embedder;
    Tuning tuning = manifest.tuning();
    this.fusion =
        new Fusion.Convex(
            tuning == null ? Fusion.DEFAULT_SEMANTIC_WEIGHT : tuning.semanticWeight(),
            (embedder == null ? manifest.model() : embedder.model()).cosineFloor());
    this.searcher = searcher;
    this.fields = new SearchableFields(reader);
    this.analyzer = analyzer;
    this.allowed = allowed;
    this.sentences = sentences;
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
    return new SemanticSearcher(
        searcher, manifest, embedder, analyzer, null, new SentenceVectors(embedder), List.of());
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
          null,
          embedder == null ? null : new SentenceVectors(embedder),
          List.of(analyzer, reader, directory));
    } catch (IOException | RuntimeException e) {
      if (reader != null) {
        reader.close();
      }
      directory.close();
      throw e;
    }
  }

  /**
   * This searcher for requests about only some of the documents; what {@link SearchRequest#filters}
   * asks for comes on top. Closing it closes nothing; it is of no use once this one is closed.
   *
   * @param some a query over document fields
   */
  public SemanticSearcher among(Query some) {
    return new SemanticSearcher(
        searcher, manifest, embedder, analyzer, both(allowed, some), sentences, List.of());
  }

  private static @Nullable Query both(@Nullable Query one, @Nullable Query other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return new BooleanQuery.Builder().add(one, Occur.FILTER).add(other, Occur.FILTER).build();
  }

  /** What wrote the index. */
  public IndexManifest manifest() {
    return manifest;
  }

  /**
   * The share of meaning in the scores of a hybrid search that asks for no other: the index's own,
   * see {@link IndexManifest#tuning()}, or {@link Fusion#DEFAULT_SEMANTIC_WEIGHT}.
   */
  public float semanticWeight() {
    return fusion.semanticWeight();
  }

  /** Which values filters may ask for. */
  public KeywordValues keywordValues() {
    return new KeywordValues(reader);
  }

  /** How many documents, not passages, the index holds. */
  public int documents() throws IOException {
    return searcher.count(IndexSchema.parents().getQuery());
  }

  /** The keyword fields that a request can filter by and count values of, by name. */
  public List<String> keywordFields() {
    return fields.keywords();
  }

  /**
   * What is stored of a document.
   *
   * @return empty if no document of those searched here has that id
   * @throws IndexOpenException if a file of the index turns out to be damaged
   */
  public Optional<IndexedDocument> document(String id) throws IOException {
    return IndexIntegrity.reading(reader, () -> readDocument(id));
  }

  private Optional<IndexedDocument> readDocument(String id) throws IOException {
    Query one = IndexSchema.withId(id);
    TopDocs found = searcher.search(allowed == null ? one : both(allowed, one), 1);
    return found.scoreDocs.length == 0
        ? Optional.empty()
        : Optional.of(
            IndexedDocument.of(
                manifest.fields(), searcher.storedFields().document(found.scoreDocs[0].doc)));
  }

  /**
   * Answers one request. It ends within the request's time limit and that of an application's own
   * searcher, see {@link SearchRequest#timeLimit()}.
   *
   * @throws SearchRequestException if a filter or boost names a field that the index does not have,
   *     a query is not in Lucene syntax, a document to be like does not exist, or the mode needs a
   *     model and the searcher was opened without
   * @throws IndexOpenException if a file of the index turns out to be damaged
   */
  public SearchResults search(SearchRequest request) throws IOException {
    return search(request, new Deadline(request.timeLimit(), searcher.getTimeout()));
  }

  /**
   * Answers one request, or as much of it as can be had until another thread does not want it any
   * more. It then ends as when its time is over, and no thread needs to be interrupted, which would
   * close the files of an index for all searches of it.
   *
   * <pre>{@code
   * AtomicBoolean cancelled = new AtomicBoolean(); // set by another thread
   * SearchResults results = searcher.search(request, cancelled::get);
   * }</pre>
   *
   * @param cancelled asked often, by several threads, so it must be quick; once it has said true,
   *     the search ends
   * @throws SearchRequestException as above
   */
  public SearchResults search(SearchRequest request, QueryTimeout cancelled) throws IOException {
    return search(request, new Deadline(request.timeLimit(), searcher.getTimeout(), cancelled));
  }

  private SearchResults search(SearchRequest request, Deadline deadline) throws IOException {
    return IndexIntegrity.reading(reader, () -> read(request, deadline));
  }

  private SearchResults read(SearchRequest request, Deadline deadline) throws IOException {
    long start = System.nanoTime();
    IndexSearcher limited = new LimitedSearcher(searcher, deadline);
    Answer answer = answer(limited, request, deadline);
    List<Hit> hits =
        new HitReader(
                limited,
                manifest.fields(),
                new SnippetMaker(limited, analyzer, answer.highlighted()),
                SentenceHighlighter.of(request, limited, analyzer, sentences, answer),
                request.explain())
            .read(answer.ranking(), request.page());
    Map<String, List<FacetCount>> facets =
        steps(limited, request, deadline).facets(answer.ranking());
    TotalHits total = answer.ranking().total();
    return new SearchResults(
        request,
        deadline.hasPassed()
            ? new TotalHits(total.value(), TotalHits.Relation.GREATER_THAN_OR_EQUAL_TO)
            : total,
        Duration.ofNanos(System.nanoTime() - start),
        hits,
        facets,
        answer.ignoredTerms(),
        answer.droppedTokens(),
        deadline.hasPassed(),
        deadline.hasPassed() ? null : answer.confidence(),
        answer.reranking(),
        answer.emptyFilter());
  }

  /**
   * Refuses a request whose fields this index does not have, as a search does, without searching.
   *
   * @throws SearchRequestException if it names one
   */
  public void check(SearchRequest request) {
    fields.check(request);
  }

  /**
   * Answers one request with ids and scores, in the order of {@link #search}, and reads nothing
   * else of the documents: for whoever looks at many hits, as an evaluation or a reranker does.
   *
   * @throws SearchRequestException as {@link #search} does, and if the time limit was over before
   *     all was found, since a ranking does not tell that it lacks something
   */
  public List<ScoredId> rank(SearchRequest request) throws IOException {
    return IndexIntegrity.reading(reader, () -> readIds(request));
  }

  /**
   * Answers one request with several weights of meaning at the price of one search: for whoever
   * wants to know which weight is best.
   *
   * @param request for plain words in hybrid mode, without feedback and reranking; its own weight
   *     and minimum confidence are not looked at
   * @param weights each in [0, 1]
   * @return one ranking per weight, in their order
   * @throws SearchRequestException as above
   */
  public List<List<ScoredId>> rankByWeight(SearchRequest request, List<Float> weights)
      throws IOException {
    if (!(request.question() instanceof Question.Words words)
        || request.mode() != SearchMode.HYBRID
        || request.feedback()
        || request.rerank() != null) {
      throw new SearchRequestException(
          "weights of meaning are compared for plain words in hybrid mode, without feedback and"
              + " without reranking, got: "
              + request);
    }
    return IndexIntegrity.reading(reader, () -> readByWeight(request, words, weights));
  }

  private List<List<ScoredId>> readByWeight(
      SearchRequest request, Question.Words words, List<Float> weights) throws IOException {
    Deadline deadline = new Deadline(request.timeLimit(), searcher.getTimeout());
    Answering answering = answering(new LimitedSearcher(searcher, deadline), request);
    List<Candidate> candidates = answering.candidates(words);
    requireTime(request, deadline);
    List<ScoredId> unranked =
        ScoredId.read(
            reader,
            manifest.fields().id(),
            candidates.stream().map(candidate -> Ranking.Ranked.of(candidate, 0)).toList());
    Map<Candidate, String> ids = new HashMap<>();
    for (int i = 0; i < candidates.size(); i++) {
      ids.put(candidates.get(i), unranked.get(i).id());
    }
    List<List<ScoredId>> rankings = new ArrayList<>(weights.size());
    for (float weight : weights) {
      rankings.add(
          new Fusion.Convex(weight, fusion.cosineFloor())
              .fuse(candidates, Math.max(Answering.DEPTH, request.page().end())).stream()
                  .skip(request.page().from())
                  .limit(request.page().top())
                  .map(hit -> new ScoredId(ids.getOrDefault(hit.candidate(), ""), hit.score()))
                  .toList());
    }
    return rankings;
  }

  /**
   * What both legs find for a person's words, of as many documents as the request wants. For
   * whoever fuses them in ways of its own.
   */
  List<Candidate> candidates(Question.Words words, SearchRequest request) throws IOException {
    return answering(searcher, request).candidates(words);
  }

  /** Measures similarity from where the model's begins. */
  float cosineFloor() {
    return fusion.cosineFloor();
  }

  private static void requireTime(SearchRequest request, Deadline deadline) {
    if (deadline.hasPassed()) {
      throw new SearchRequestException(
          "the time for the search was over before its ranking was done; allow more than "
              + (request.timeLimit() == null ? "the searcher's timeout" : request.timeLimit()));
    }
  }

  private List<ScoredId> readIds(SearchRequest request) throws IOException {
    Deadline deadline = new Deadline(request.timeLimit(), searcher.getTimeout());
    Ranking ranking = answer(new LimitedSearcher(searcher, deadline), request, deadline).ranking();
    requireTime(request, deadline);
    return ScoredId.read(reader, manifest.fields().id(), ranking.on(request.page()));
  }

  /** The answer after all steps. */
  private Answer answer(IndexSearcher limited, SearchRequest request, Deadline deadline)
      throws IOException {
    Answer searched = answering(limited, request).answer();
    return steps(limited, request, deadline).apply(searched);
  }

  private ResultSteps steps(IndexSearcher limited, SearchRequest request, Deadline deadline) {
    return new ResultSteps(
        limited, manifest.fields(), fields, deadline, request, fusion.cosineFloor());
  }

  private Answering answering(IndexSearcher limited, SearchRequest request) {
    return new Answering(
        /* searcher= */ limited,
        /* unlimited= */ searcher,
        request,
        ResultSteps.depth(request),
        both(allowed, fields.filter(request.filters(), request.ranges())),
        embedder,
        fusion,
        manifest.foreignCosine(),
        analyzer,
        fields);
  }

  @Override
  public void close() throws IOException {
    IOUtils.close(owned);
  }
}
