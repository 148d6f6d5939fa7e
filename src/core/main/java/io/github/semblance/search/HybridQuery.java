package io.github.semblance.search;

import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.IndexManifest;
import io.github.semblance.index.IndexSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryRescorer;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TotalHits;

/**
 * Ranks documents by keywords and by meaning at once. A Lucene query; immutable and safe for use by
 * many threads.
 *
 * <p>Both legs are searched to the same depth, that of the {@link SemanticQuery}, under its filter.
 * The documents found by either are the candidates; each gets the exact score of both legs, also of
 * the one that did not find it, and the {@link Fusion} ranks them. The query matches the candidates
 * and no other document. Its depth does not depend on how many hits a caller collects, so pages fit
 * together.
 *
 * <p>The legs run once per search, in {@link #rewrite}: what comes out can be combined, filtered,
 * sorted, paged and explained as any query. A filter around this query only removes candidates; to
 * search among the filtered documents, give the filter to the {@code SemanticQuery}.
 *
 * <p>Where Lucene asks what a document matches, as its {@code UnifiedHighlighter} does, it is told
 * the words that the lexical leg finds there; meaning has no places in a text.
 *
 * <p>Both legs and the exact scores keep to the searcher's timeout, {@link
 * IndexSearcher#setTimeout}. When that is over, {@link #search} returns what was found by then, and
 * a search for this query finds nothing; {@link IndexSearcher#timedOut()} says so.
 */
public final class HybridQuery extends Query {
  /** Documents scored between two looks at the clock: most searches have no more. */
  private static final int AT_ONCE = 1_000;

  private final Query lexical;
  private final SemanticQuery semantic;
  private final Fusion fusion;

  /**
   * Combines two legs.
   *
   * @param lexical any query over document fields whose scores tell how well words match, such as
   *     {@link LexicalQuery}
   * @param semantic the vector leg; its k and its filter apply to both legs, its minimum similarity
   *     to what it finds itself
   * @param fusion ranks what the legs found
   */
  public HybridQuery(Query lexical, SemanticQuery semantic, Fusion fusion) {
    this.lexical = Objects.requireNonNull(lexical, "lexical");
    this.semantic = Objects.requireNonNull(semantic, "semantic");
    this.fusion = Objects.requireNonNull(fusion, "fusion");
  }

  /**
   * Hybrid search of the whole index as {@link SemanticSearcher} does it: the lexical leg is a
   * {@link LexicalQuery}, both legs are searched to a depth of a hundred documents, and {@link
   * Fusion#of} ranks what they find, with the index's own weight if it has one. Embeds the
   * question.
   *
   * @param question as a person types it: no character has a meaning of its own
   * @param reader of the index that is searched
   * @param analyzer what the index was written with
   * @param embedder the index's model
   * @throws io.github.semblance.index.IndexOpenException if the commit that the reader sees has
   *     vectors of another model
   */
  public static HybridQuery of(
      String question, IndexReader reader, Analyzer analyzer, TextEmbedder embedder)
      throws IOException {
    if (reader instanceof DirectoryReader commit) {
      IndexManifest.requireModel(commit, embedder.model());
    }
    return new HybridQuery(
        LexicalQuery.of(reader, analyzer, question),
        new SemanticQuery(embedder.embedQuery(question).vector(), Answering.DEPTH),
        Fusion.of(reader, embedder.model()));
  }

  /**
   * Runs both legs and fuses them.
   *
   * @return all candidates, best first
   */
  public List<FusedHit> search(IndexSearcher searcher) throws IOException {
    return fusion.fuse(candidates(searcher, 0), semantic.k());
  }

  /**
   * Runs both legs on one shard of an index, for a fusion of all shards elsewhere.
   *
   * @param shard which the candidates shall name as theirs
   * @return what either leg found, in ascending order of document numbers
   */
  public List<Candidate> candidates(IndexSearcher searcher, int shard) throws IOException {
    Query words = searcher.rewrite(lexical);
    // The filter was applied to whatever a leg has found, and costs more than scores of a few.
    BestByWords.Scoring scoring = docs -> exactScores(searcher, words, docs);
    Map<Integer, Float> bm25 =
        BestByWords.search(searcher, lexicalLeg(words), semantic.k(), scoring);
    Set<Integer> lexicallyFound = Set.copyOf(bm25.keySet());
    List<ClosestPassage> passages = new ArrayList<>(semantic.search(searcher));
    Set<Integer> semanticallyFound = new HashSet<>();
    passages.forEach(hit -> semanticallyFound.add(hit.doc()));
    // What a leg has found it has scored.
    bm25.putAll(scoring.of(others(semanticallyFound, lexicallyFound)));
    passages.addAll(semantic.closest(searcher, others(lexicallyFound, semanticallyFound)));
    passages.sort(Comparator.comparingInt(ClosestPassage::doc));
    return candidates(searcher, shard, words, passages, bm25, lexicallyFound, semanticallyFound);
  }

  private static int[] others(Set<Integer> docs, Set<Integer> known) {
    return docs.stream().filter(doc -> !known.contains(doc)).mapToInt(doc -> doc).toArray();
  }

  /**
   * Scores given documents by both legs, whether or not these would find them: what is to be told
   * of a page that was found by other means, or elsewhere.
   *
   * @param docs numbers of documents
   * @return one for each, in ascending order of their numbers, as found by neither leg; the limit
   *     of BM25 is the one of {@link #candidates(IndexSearcher, int)} where the lexical query is of
   *     terms, and may be less where it is of another kind
   */
  public List<Candidate> scores(IndexSearcher searcher, int[] docs) throws IOException {
    Query words = searcher.rewrite(lexical);
    Map<Integer, Float> bm25 = exactScores(searcher, lexicalLeg(words), docs);
    return candidates(
        searcher, 0, words, semantic.closest(searcher, docs), bm25, Set.of(), Set.of());
  }

  private List<Candidate> candidates(
      IndexSearcher searcher,
      int shard,
      Query words,
      List<ClosestPassage> passages,
      Map<Integer, Float> bm25,
      Set<Integer> lexicallyFound,
      Set<Integer> semanticallyFound)
      throws IOException {
    float limit = Bm25UpperBound.of(searcher, words);
    for (float score : bm25.values()) {
      limit = Math.max(limit, score); // of a query that is not of terms alone
    }
    List<Candidate> candidates = new ArrayList<>(passages.size());
    for (ClosestPassage closest : passages) {
      int doc = closest.doc();
      candidates.add(
          new Candidate(
              shard,
              doc,
              closest.passage(),
              bm25.getOrDefault(doc, 0f),
              limit,
              closest.cosine(),
              lexicallyFound.contains(doc),
              semanticallyFound.contains(doc)));
    }
    return candidates;
  }

  /**
   * Without passages, which a negation or a match-all would find. Words of documents find none, and
   * an exclusion would have Lucene score document by document.
   *
   * @param words the lexical query, rewritten or not
   */
  private Query lexicalLeg(Query words) {
    boolean findsPassages = !needsWordOfDocument(words);
    Query filter = semantic.filter();
    if (!findsPassages && filter == null) {
      return words;
    }
    BooleanQuery.Builder leg = new BooleanQuery.Builder().add(words, Occur.MUST);
    if (findsPassages) {
      leg.add(IndexSchema.passagesOnly(), Occur.MUST_NOT);
    }
    if (filter != null) {
      leg.add(filter, Occur.FILTER);
    }
    return leg.build();
  }

  /** Whether all that a query matches has a word in a field that passages do not have. */
  private static boolean needsWordOfDocument(Query query) {
    return switch (query) {
      case TermQuery word -> IndexSchema.hasWordsOfDocuments(word.getTerm().field());
      case BoostQuery boosted -> needsWordOfDocument(boosted.getQuery());
      case MatchNoDocsQuery nothing -> true;
      case BooleanQuery several ->
          several.getClauses(Occur.MUST).stream().anyMatch(HybridQuery::needsWordOfDocument)
              || (several.getClauses(Occur.MUST).isEmpty()
                  && several.getClauses(Occur.FILTER).isEmpty()
                  && several.getClauses(Occur.SHOULD).stream()
                      .allMatch(HybridQuery::needsWordOfDocument));
      default -> false;
    };
  }

  /**
   * Scores given documents, not only those that a collector would keep; 0 for no match. Those that
   * there was no time for are left out.
   */
  private static Map<Integer, Float> exactScores(IndexSearcher searcher, Query query, int[] docs)
      throws IOException {
    QueryRescorer rescorer =
        new QueryRescorer(query) {
          @Override
          protected float combine(float first, boolean matches, float score) {
            return matches ? score : 0;
          }
        };
    Map<Integer, Float> scores = new HashMap<>();
    for (int from = 0; from < docs.length && !Deadline.isOver(searcher); from += AT_ONCE) {
      int[] some = Arrays.copyOfRange(docs, from, Math.min(from + AT_ONCE, docs.length));
      TopDocs unscored =
          new TopDocs(
              new TotalHits(some.length, TotalHits.Relation.EQUAL_TO),
              Arrays.stream(some).mapToObj(doc -> new ScoreDoc(doc, 0)).toArray(ScoreDoc[]::new));
      for (ScoreDoc hit : rescorer.rescore(searcher, unscored, some.length).scoreDocs) {
        scores.put(hit.doc, hit.score);
      }
    }
    return scores;
  }

  @Override
  public Query rewrite(IndexSearcher searcher) throws IOException {
    List<FusedHit> fused = search(searcher);
    Deadline.tell(searcher);
    return toScoredDocs(searcher, fused);
  }

  /**
   * The query of candidates that {@link #search} fused, all or some of them.
   *
   * @param searcher that searched
   * @return matches these documents with the scores that they have, and explains them
   */
  public Query toScoredDocs(IndexSearcher searcher, List<FusedHit> fused) {
    List<FusedHit> byDoc =
        fused.stream().sorted(Comparator.comparingInt(hit -> hit.candidate().doc())).toList();
    int[] docs = new int[byDoc.size()];
    float[] scores = new float[docs.length];
    for (int i = 0; i < docs.length; i++) {
      docs[i] = byDoc.get(i).candidate().doc();
      scores[i] = byDoc.get(i).score();
    }
    return new ScoredDocsQuery(
        this,
        searcher,
        docs,
        scores,
        (explaining, doc) -> explain(explaining, byDoc.get(Arrays.binarySearch(docs, doc))),
        lexical);
  }

  private Explanation explain(IndexSearcher searcher, FusedHit hit) throws IOException {
    Candidate candidate = hit.candidate();
    Explanation bm25 = searcher.explain(lexicalLeg(lexical), candidate.doc());
    Explanation keywords =
        Explanation.match(
            (float) hit.lexicalShare(),
            "lexical, " + place(hit.lexicalRank()) + ", computed as " + fusion + " from:",
            bm25.isMatch() ? bm25 : Explanation.match(0f, "no keyword matches"));
    Explanation meaning =
        Explanation.match(
            (float) hit.semanticShare(),
            "semantic, " + place(hit.semanticRank()) + ", computed as " + fusion + " from:",
            candidate.passage() < 0
                ? Explanation.match(-1f, "the document has no vector")
                : Explanation.match(candidate.cosine(), "cosine of the closest passage"));
    return Explanation.match(hit.score(), "lexical and semantic, sum of:", keywords, meaning);
  }

  private String place(int rank) {
    return rank == 0 ? "not among the best " + semantic.k() : "rank " + rank;
  }

  @Override
  public void visit(QueryVisitor visitor) {
    QueryVisitor legs = visitor.getSubVisitor(Occur.SHOULD, this);
    lexical.visit(legs);
    semantic.visit(legs);
  }

  @Override
  public String toString(String field) {
    return "HybridQuery("
        + lexical.toString(field)
        + " | "
        + semantic.toString(field)
        + ", "
        + fusion
        + ")";
  }

  @Override
  public boolean equals(Object other) {
    return sameClassAs(other)
        && other instanceof HybridQuery that
        && lexical.equals(that.lexical)
        && semantic.equals(that.semantic)
        && fusion.equals(that.fusion);
  }

  @Override
  public int hashCode() {
    return Objects.hash(classHash(), lexical, semantic, fusion);
  }
}
