package io.github.semblance.search;

import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.IndexSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
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
import org.apache.lucene.search.TotalHits;
import org.jspecify.annotations.Nullable;

/** One request being answered, from its question to a ranking. For one thread. */
final class Answering {
  /** How deep both legs are searched; deeper does not change the first ten. */
  static final int DEPTH = 100;

  /** Up to here matches are counted exactly; beyond, the total is this as a lower bound. */
  private static final int COUNT_UP_TO = 100_000;

  private static final Answer NOTHING =
      new Answer(
          new Ranking(Ranking.exactly(0), List.of(), new MatchNoDocsQuery("no time")),
          new MatchNoDocsQuery("no time"),
          0);

  private final IndexSearcher searcher;
  private final IndexSearcher unlimited;
  private final SearchRequest request;
  private final int wanted;
  private final @Nullable Query filter;
  private final @Nullable TextEmbedder embedder;
  private final Fusion.Convex fusion;
  private final @Nullable Float foreignCosine;
  private final Analyzer analyzer;
  private final SearchableFields fields;

  /**
   * Prepares for one request.
   *
   * @param searcher ends in time
   * @param unlimited sees the same
   * @param wanted how many of the best are ranked at least, if so many are found
   * @param filter what documents must match to be found at all; null for all of them
   * @param fusion the index's own, for a request that says nothing else
   * @param foreignCosine the index's, see {@link ForeignQuestions}; null if it was never measured
   */
  Answering(
      IndexSearcher searcher,
      IndexSearcher unlimited,
      SearchRequest request,
      int wanted,
      @Nullable Query filter,
      @Nullable TextEmbedder embedder,
      Fusion.Convex fusion,
      @Nullable Float foreignCosine,
      Analyzer analyzer,
      SearchableFields fields) {
    this.searcher = searcher;
    this.unlimited = unlimited;
    this.request = request;
    this.wanted = wanted;
    this.filter = filter;
    this.embedder = embedder;
    this.fusion = fusion;
    this.foreignCosine = foreignCosine;
    this.analyzer = analyzer;
    this.fields = fields;
  }

  /** The answer, or as much of it as was found until time was up. */
  Answer answer() throws IOException {
    try {
      Answer answer =
          switch (request.question()) {
            case Question.Words words -> answer(words);
            case Question.Syntax syntax -> answer(syntax);
            case Question.Like like -> answer(like);
          };
      return isFilterEmpty(answer.ranking()) ? answer.withEmptyFilter() : answer;
    } catch (IndexSearcher.TooManyClauses e) {
      throw new SearchRequestException(
          "query and filters must have at most " + IndexSearcher.getMaxClauseCount() + " clauses",
          e);
    }
  }

  /** Whether nothing was found because the request's filters let no document through. */
  private boolean isFilterEmpty(Ranking found) throws IOException {
    if (found.total().value() > 0
        || filter == null
        || (request.filters().isEmpty() && request.ranges().isEmpty())) {
      return false;
    }
    Query passing =
        new BooleanQuery.Builder()
            .add(filter, Occur.FILTER)
            .add(IndexSchema.passagesOnly(), Occur.MUST_NOT)
            .build();
    boolean none =
        searcher.search(passing, new TopScoreDocCollectorManager(1, 1)).scoreDocs.length == 0;
    return none && !Deadline.isOver(searcher);
  }

  private Answer answer(Question.Words words) throws IOException {
    if (Deadline.isOver(searcher)) {
      return NOTHING;
    }
    BagOfWords lexical = lexical(words);
    Query highlighted = bag(IndexSchema.TEXT, words, termsPerField()).query();
    if (request.mode() == SearchMode.BM25) {
      return new Answer(bm25(lexical.query()), highlighted, lexical.ignoredTerms());
    }
    Confidence judge = Confidence.of(model(), foreignCosine, request);
    Embedding embedding = model().embedQuery(words.text());
    Ranking ranking = withVector(lexical.query(), embedding.vector());
    Query allWords = bag(IndexSchema.CATCH_ALL, words, termsPerField()).all();
    Float confidence = judge.in(searcher, ranking, allWords, filter);
    return new Answer(
        judge.isTooLow(confidence) ? ranking.withheld() : ranking,
        highlighted,
        request.mode() == SearchMode.SEMANTIC ? 0 : lexical.ignoredTerms(),
        embedding,
        confidence);
  }

  /** What both legs find of plain words in hybrid mode, for fusions of whoever asks. */
  List<Candidate> candidates(Question.Words words) throws IOException {
    float[] vector = model().embedQuery(words.text()).vector();
    return hybrid(lexical(words).query(), meaning(vector)).candidates(searcher, 0);
  }

  private Answer answer(Question.Syntax syntax) throws IOException {
    if (Deadline.isOver(searcher)) {
      return NOTHING;
    }
    SemanticQueryParser parser =
        new SemanticQueryParser(
            fields,
            analyzer,
            request.mode() == SearchMode.BM25 ? null : embedder,
            depth(),
            minSimilarity());
    Query query;
    try {
      query = parser.parse(syntax.text(), filter);
    } catch (QuerySyntaxException e) {
      throw new SearchRequestException(e.getMessage(), e);
    }
    return new Answer(matching(query), query, 0);
  }

  private Answer answer(Question.Like like) throws IOException {
    if (Deadline.isOver(searcher)) {
      return NOTHING;
    }
    SemanticQuery query =
        SemanticQuery.moreLike(unlimited, like.text(), depth(), filter, minSimilarity());
    return new Answer(semantic(query), new MatchNoDocsQuery("no words"), 0);
  }

  private TextEmbedder model() {
    if (embedder == null) {
      throw new SearchRequestException(
          "an index opened for keyword search has bm25 mode only, got: " + request.mode());
    }
    return embedder;
  }

  private int depth() {
    return Math.max(DEPTH, wanted);
  }

  private float minSimilarity() {
    Float limit = request.minSimilarity();
    return limit == null ? SemanticQuery.ANY_SIMILARITY : limit;
  }

  private Ranking bm25(Query lexical) throws IOException {
    Query query = lexical;
    if (filter != null) {
      query = new BooleanQuery.Builder().add(lexical, Occur.MUST).add(filter, Occur.FILTER).build();
    }
    return matching(query);
  }

  /** The best of all documents that match; in BM25 mode their scores are the lexical leg's. */
  private Ranking matching(Query query) throws IOException {
    // Once, for the hits, their explanations and their facets: a semantic clause searches in it.
    Query rewritten = searcher.rewrite(query);
    TopDocs found = matches(rewritten);
    Map<Integer, Integer> passages = closestPassages(query, found.scoreDocs);
    List<Ranking.Ranked> best = new ArrayList<>();
    for (ScoreDoc hit : found.scoreDocs) {
      Hit.Leg leg =
          request.mode() == SearchMode.BM25 && byScore()
              ? new Hit.Leg(best.size() + 1, hit.score)
              : null;
      best.add(
          new Ranking.Ranked(hit.doc, hit.score, leg, null, passages.getOrDefault(hit.doc, -1)));
    }
    TotalHits total =
        found.totalHits.value() > COUNT_UP_TO
            ? new TotalHits(COUNT_UP_TO, TotalHits.Relation.GREATER_THAN_OR_EQUAL_TO)
            : found.totalHits;
    return new Ranking(total, best, rewritten);
  }

  private TopDocs matches(Query query) throws IOException {
    int most = Math.min(wanted, Math.max(1, searcher.getIndexReader().maxDoc()));
    String groupBy = request.page().groupBy();
    if (groupBy != null) {
      return new GroupStep(fields.exact("group", groupBy)).search(searcher, query).first(most);
    }
    List<FieldOrder> sort = request.page().sort();
    return sort.isEmpty()
        ? searcher.search(query, new TopScoreDocCollectorManager(most, COUNT_UP_TO))
        : FieldSort.search(searcher, query, fields.sort(sort), most, COUNT_UP_TO);
  }

  /** Whether matches are ranked by their scores alone, so that their places are the leg's. */
  private boolean byScore() {
    return request.page().sort().isEmpty() && request.page().groupBy() == null;
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

  private Ranking withVector(Query lexical, float[] vector) throws IOException {
    SemanticQuery semantic = meaning(vector);
    if (request.mode() == SearchMode.SEMANTIC) {
      return semantic(semantic);
    }
    HybridQuery query = hybrid(lexical, semantic);
    List<FusedHit> fused = query.search(searcher);
    float closest = closest(fused);
    if (request.feedback() && !Deadline.isOver(searcher)) {
      query = hybrid(lexical, meaning(Feedback.move(searcher, vector, fused)));
      fused = query.search(searcher);
    }
    return hybrid(query, fused, closest);
  }

  private SemanticQuery meaning(float[] vector) {
    return new SemanticQuery(vector, depth(), filter, minSimilarity());
  }

  private HybridQuery hybrid(Query lexical, SemanticQuery semantic) {
    Float weight = request.semanticWeight();
    return new HybridQuery(
        lexical,
        semantic,
        weight == null ? fusion : new Fusion.Convex(weight, fusion.cosineFloor()));
  }

  private static float closest(List<FusedHit> fused) {
    float closest = -1;
    for (FusedHit hit : fused) {
      closest = Math.max(closest, hit.candidate().cosine());
    }
    return closest;
  }

  private Ranking semantic(SemanticQuery query) throws IOException {
    List<ClosestPassage> found = query.search(searcher);
    List<Ranking.Ranked> best = new ArrayList<>();
    for (ClosestPassage hit : found) {
      Hit.Leg leg = new Hit.Leg(best.size() + 1, hit.cosine());
      best.add(new Ranking.Ranked(hit.doc(), hit.cosine(), null, leg, hit.passage()));
    }
    return new Ranking(
        Ranking.exactly(found.size()),
        best,
        query.toScoredDocs(searcher, found),
        found.isEmpty() ? -1 : found.getFirst().cosine());
  }

  private Ranking hybrid(HybridQuery query, List<FusedHit> fused, float closest) {
    List<Ranking.Ranked> best = new ArrayList<>();
    for (FusedHit hit : fused) {
      Candidate candidate = hit.candidate();
      best.add(
          new Ranking.Ranked(
              candidate.doc(),
              hit.score(),
              leg(hit.lexicalRank(), candidate.bm25()),
              leg(hit.semanticRank(), candidate.cosine()),
              candidate.passage()));
    }
    return new Ranking(
        Ranking.exactly(fused.size()), best, query.toScoredDocs(searcher, fused), closest);
  }

  private static Hit.@Nullable Leg leg(int rank, float score) {
    return rank == 0 ? null : new Hit.Leg(rank, score);
  }

  private BagOfWords lexical(Question.Words words) throws IOException {
    int limit = termsPerField();
    BagOfWords bag =
        request.mode() == SearchMode.HYBRID
            ? LexicalQuery.of(searcher.getIndexReader(), analyzer, words.text(), limit)
            : bag(IndexSchema.CATCH_ALL, words, limit);
    if (request.boosts().isEmpty()) {
      return bag;
    }
    BooleanQuery.Builder query = new BooleanQuery.Builder().add(bag.query(), Occur.SHOULD);
    for (Map.Entry<String, Float> boost : request.boosts().entrySet()) {
      Query inField = bag(fields.boosted(boost.getKey()), words, limit).query();
      query.add(new BoostQuery(inField, boost.getValue()), Occur.SHOULD);
    }
    return new BagOfWords(query.build(), bag.ignoredTerms());
  }

  private BagOfWords bag(String field, Question.Words words, int limit) throws IOException {
    return BagOfWords.of(searcher.getIndexReader(), analyzer, field, words.text(), limit);
  }

  /**
   * Lucene counts the clauses of all fields, of each filter, of each range, in which a number can
   * lie in four fields, and of the mark of a document.
   */
  private int termsPerField() {
    int left =
        IndexSearcher.getMaxClauseCount()
            - request.filters().size()
            - 4 * request.ranges().size()
            - 1;
    int fields = (request.mode() == SearchMode.HYBRID ? 2 : 1) + request.boosts().size();
    return Math.max(1, left / fields);
  }
}
