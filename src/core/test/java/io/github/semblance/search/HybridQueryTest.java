package io.github.semblance.search;

import io.github.semblance.index.IndexSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.MultiReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.tests.search.QueryUtils;
import org.apache.lucene.tests.util.TestUtil;
import org.jspecify.annotations.Nullable;

public class HybridQueryTest extends IndexedTestCase {
  private static final Fusion CONVEX = Fusion.convex(0.1f);

  public void testEmptyIndex() throws IOException {
    Query query = new HybridQuery(anyOf("w1"), new SemanticQuery(vector("w1"), 5), CONVEX);
    assertEquals(0, searcher.count(query));
    assertEquals(0, searcher.search(query, 10).scoreDocs.length);
  }

  public void testGivenDocumentsScoreAsCandidatesDo() throws IOException {
    index(TestUtil.nextInt(random(), 5, 60));
    String words = words(3);
    SemanticQuery semantic = new SemanticQuery(vector(words), 10);
    HybridQuery query = new HybridQuery(anyOf(words.replace(".", "").split(" ")), semantic, CONVEX);
    List<Candidate> found = query.candidates(searcher, 0);
    int[] docs = found.stream().mapToInt(Candidate::doc).toArray();
    List<Candidate> scored = query.scores(searcher, docs);
    assertEquals(found.size(), scored.size());
    for (int i = 0; i < docs.length; i++) {
      Candidate one = found.get(i);
      assertEquals(
          new Candidate(
              0, one.doc(), one.passage(), one.bm25(), one.bm25Limit(), one.cosine(), false, false),
          scored.get(i));
      List<PassageMatch> all = semantic.passages(searcher, docs[i], 1_000);
      if (one.passage() < 0) {
        assertEquals(List.of(), all);
        continue;
      }
      assertEquals(one.cosine(), all.getFirst().cosine(), 0);
      assertEquals(all.subList(0, 1), semantic.passages(searcher, docs[i], 1));
      Set<Integer> starts = new HashSet<>();
      for (int p = 0; p < all.size(); p++) {
        assertTrue(starts.add(all.get(p).start()));
        assertTrue(all.get(p).end() > all.get(p).start());
        assertTrue(p == 0 || all.get(p).cosine() <= all.get(p - 1).cosine());
      }
      assertTrue("the text begins with a passage", starts.contains(0));
    }
    expectThrows(IllegalArgumentException.class, () -> semantic.passages(searcher, 0, 0));
  }

  public void testEqualsTheNaiveFusion() throws IOException {
    index(TestUtil.nextInt(random(), 1, 60));
    for (int round = 0; round < 5; round++) {
      String words = words(3);
      Query lexical = anyOf(words.replace(".", "").split(" "));
      Query filter = random().nextBoolean() ? color("red") : null;
      int depth = TestUtil.nextInt(random(), 1, 80);
      float least = random().nextBoolean() ? SemanticQuery.ANY_SIMILARITY : random().nextFloat();
      Fusion fusion = randomFusion();
      HybridQuery query =
          new HybridQuery(lexical, new SemanticQuery(vector(words), depth, filter, least), fusion);

      NaiveFusion naive = new NaiveFusion(depth);
      naive.add(
          0,
          allowed(allScores(lexical), filter),
          Bm25UpperBound.of(searcher, lexical),
          allowed(allCosines(vector(words)), filter));
      assertFused(naive, least, fusion, query.search(searcher));

      TopDocs found = searcher.search(query, 1000);
      List<FusedHit> fused = query.search(searcher);
      assertEquals(fused.size(), found.totalHits.value());
      for (int i = 0; i < fused.size(); i++) {
        assertEquals(fused.get(i).candidate().doc(), found.scoreDocs[i].doc);
        assertEquals(fused.get(i).score(), found.scoreDocs[i].score, 0);
      }
    }
  }

  /** Each shard is cut at the depth before the coordinator sees it, and that must not matter. */
  public void testShardsFuseAsOneIndexWould() throws IOException {
    String words = words(3);
    Query lexical = anyOf(words.replace(".", "").split(" "));
    int depth = TestUtil.nextInt(random(), 1, 20);
    Fusion fusion = randomFusion();
    HybridQuery query = new HybridQuery(lexical, new SemanticQuery(vector(words), depth), fusion);
    NaiveFusion naive = new NaiveFusion(depth);
    List<Candidate> sent = new ArrayList<>();
    for (int shard = 0; shard < 3; shard++) {
      index(TestUtil.nextInt(random(), 1, 30)); // replaces many and adds some: another index
      naive.add(
          shard,
          allScores(lexical),
          Bm25UpperBound.of(searcher, lexical),
          allCosines(vector(words)));
      sent.addAll(query.candidates(searcher, shard));
    }
    Collections.shuffle(sent, random());
    assertFused(naive, SemanticQuery.ANY_SIMILARITY, fusion, fusion.fuse(sent, depth));
  }

  private static Fusion randomFusion() {
    return random().nextBoolean()
        ? new Fusion.Convex(random().nextFloat(), random().nextFloat() * 0.9f)
        : new Fusion.ReciprocalRank(
            TestUtil.nextInt(random(), 1, 100), random().nextFloat() * 3, random().nextFloat() * 3);
  }

  private Map<Integer, Float> allowed(Map<Integer, Float> scores, @Nullable Query filter)
      throws IOException {
    if (filter != null) {
      scores.keySet().retainAll(allScores(filter).keySet());
    }
    return scores;
  }

  private static void assertFused(
      NaiveFusion naive, float leastCosine, Fusion fusion, List<FusedHit> fused) {
    Map<NaiveFusion.Doc, Double> expected = naive.scores(leastCosine, fusion);
    assertEquals(expected.size(), fused.size());
    FusedHit last = null;
    for (FusedHit hit : fused) {
      NaiveFusion.Doc doc = new NaiveFusion.Doc(hit.candidate().shard(), hit.candidate().doc());
      assertEquals(expected.getOrDefault(doc, Double.NaN), hit.score(), 1e-5);
      if (last != null) {
        assertTrue(last.score() >= hit.score());
        assertTrue(
            last.score() > hit.score()
                || Candidate.DOCUMENT_ORDER.compare(last.candidate(), hit.candidate()) < 0);
      }
      last = hit;
    }
  }

  public void testKeepsTheContractOfQueries() throws IOException {
    index(20);
    // The check also searches each segment alone: only a query that is cut nowhere agrees.
    SemanticQuery uncut = new SemanticQuery(vector("w1 w2"), 1000);
    HybridQuery hybrid = new HybridQuery(anyOf("w1", "w2"), uncut, CONVEX);
    QueryUtils.check(random(), hybrid, searcher);
    QueryUtils.check(random(), new BoostQuery(hybrid, 2), searcher);
    QueryUtils.check(random(), uncut, searcher);
  }

  private static Set<Integer> docs(TopDocs found) {
    Set<Integer> docs = new HashSet<>();
    for (ScoreDoc hit : found.scoreDocs) {
      docs.add(hit.doc);
    }
    return docs;
  }

  public void testLegsMayBeEmpty() throws IOException {
    index(20);
    HybridQuery noKeywords =
        new HybridQuery(MatchNoDocsQuery.INSTANCE, new SemanticQuery(vector("w1"), 5), CONVEX);
    assertEquals(Math.min(5, allCosines(vector("w1")).size()), searcher.count(noKeywords));

    HybridQuery noMeaning =
        new HybridQuery(anyOf("w1", "w2"), new SemanticQuery(vector("w1"), 50, null, 1), CONVEX);
    Set<Integer> matching = new HashSet<>(allScores(anyOf("w1", "w2")).keySet());
    allCosines(vector("w1"))
        .forEach(
            (doc, cosine) -> {
              if (cosine >= 1) {
                matching.add(doc);
              }
            });
    assertEquals(matching, docs(searcher.search(noMeaning, 100)));

    HybridQuery nothingAllowed =
        new HybridQuery(
            anyOf("w1"),
            new SemanticQuery(vector("w1"), 5, color("black"), SemanticQuery.ANY_SIMILARITY),
            CONVEX);
    assertEquals(0, searcher.count(nothingAllowed));
  }

  public void testPassagesNeverMatch() throws IOException {
    index(30);
    HybridQuery query =
        new HybridQuery(
            MatchAllDocsQuery.INSTANCE,
            new SemanticQuery(
                vector("w1"),
                1000,
                new BooleanQuery.Builder()
                    .add(MatchAllDocsQuery.INSTANCE, Occur.SHOULD)
                    .add(color("red"), Occur.MUST_NOT)
                    .build(),
                SemanticQuery.ANY_SIMILARITY),
            CONVEX);
    for (ScoreDoc hit : searcher.search(query, 1000).scoreDocs) {
      assertNotNull(id(hit.doc));
    }
    Set<Integer> documents = new HashSet<>(allCosines(vector("w1")).keySet());
    documents.removeAll(allScores(color("red")).keySet());
    assertEquals(documents, docs(searcher.search(query, 1000)));
  }

  public void testPassagesNeverMatchWhateverTheLexicalLegIs() throws IOException {
    index(30);
    String id = id(docs(searcher.search(anyOf("w1"), 1)).iterator().next());
    Query every = MatchAllDocsQuery.INSTANCE;
    for (Query lexical :
        List.of(
            every,
            new TermQuery(new Term("_block", id)),
            new BoostQuery(new TermQuery(new Term("_block", id)), 2),
            bool(anyOf("w1"), Occur.SHOULD, every, Occur.SHOULD),
            bool(every, Occur.FILTER, anyOf("w1"), Occur.SHOULD),
            bool(every, Occur.MUST, anyOf("w1"), Occur.MUST_NOT),
            bool(anyOf("w1"), Occur.MUST, every, Occur.SHOULD),
            bool(anyOf("w1"), Occur.SHOULD, anyOf("w2"), Occur.SHOULD))) {
      SemanticQuery semantic = new SemanticQuery(vector("w1"), 1000);
      HybridQuery query = new HybridQuery(lexical, semantic, CONVEX);
      Set<Integer> documents = allCosines(vector("w1")).keySet();
      for (Candidate candidate : query.candidates(searcher, 0)) {
        assertTrue(lexical.toString(), documents.contains(candidate.doc()));
        assertEquals(
            lexical.toString(),
            allScores(lexical).getOrDefault(candidate.doc(), 0f),
            candidate.bm25(),
            1e-5);
      }
    }
  }

  private static Query bool(Query one, Occur how, Query other, Occur otherHow) {
    return new BooleanQuery.Builder().add(one, how).add(other, otherHow).build();
  }

  public void testWorksInsideOtherQueries() throws IOException {
    index(40);
    HybridQuery hybrid =
        new HybridQuery(anyOf("w1", "w2"), new SemanticQuery(vector("w1 w2"), 20), CONVEX);
    Map<Integer, Float> alone = allScores(hybrid);

    Query red =
        new BooleanQuery.Builder().add(hybrid, Occur.MUST).add(color("red"), Occur.FILTER).build();
    Map<Integer, Float> expected = new HashMap<>(alone);
    expected.keySet().retainAll(allScores(color("red")).keySet());
    assertEquals(expected, allScores(red));

    Map<Integer, Float> boosted = allScores(new BoostQuery(hybrid, 3));
    alone.forEach(
        (doc, score) -> assertEquals(score * 3, boosted.getOrDefault(doc, Float.NaN), 1e-5));
  }

  public void testSortsAndPages() throws IOException {
    index(40);
    HybridQuery hybrid =
        new HybridQuery(anyOf("w1", "w2"), new SemanticQuery(vector("w1 w2"), 20), CONVEX);
    List<Integer> whole = order(searcher.search(hybrid, 100));
    List<Integer> paged = new ArrayList<>();
    ScoreDoc last = null;
    while (true) {
      TopDocs page = searcher.searchAfter(last, hybrid, 3);
      if (page.scoreDocs.length == 0) {
        break;
      }
      paged.addAll(order(page));
      last = page.scoreDocs[page.scoreDocs.length - 1];
    }
    assertEquals(whole, paged);

    Sort byId = new Sort(new SortField(IndexSchema.ID, SortField.Type.STRING));
    List<String> ids = new ArrayList<>();
    last = null;
    while (true) {
      TopDocs page = searcher.searchAfter(last, hybrid, 3, byId);
      if (page.scoreDocs.length == 0) {
        break;
      }
      for (int doc : order(page)) {
        ids.add(id(doc));
      }
      last = page.scoreDocs[page.scoreDocs.length - 1];
    }
    assertEquals(whole.size(), ids.size());
    assertEquals(ids.stream().sorted().toList(), ids);
  }

  private static List<Integer> order(TopDocs found) {
    List<Integer> docs = new ArrayList<>();
    for (ScoreDoc hit : found.scoreDocs) {
      docs.add(hit.doc);
    }
    return docs;
  }

  public void testAnExecutorChangesNothing() throws IOException {
    index(400); // more than a search of the graph looks at
    HybridQuery hybrid =
        new HybridQuery(anyOf("w1", "w2"), new SemanticQuery(vector("w1 w2"), 15), CONVEX);
    List<Integer> expected = order(new IndexSearcher(reader).search(hybrid, 100));
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      IndexSearcher parallel = new IndexSearcher(reader, threads);
      for (int round = 0; round < 3; round++) {
        assertEquals(expected, order(parallel.search(hybrid, 100)));
      }
    }
  }

  public void testExplainsBothLegs() throws IOException {
    index(30);
    HybridQuery hybrid =
        new HybridQuery(anyOf("w1", "w2"), new SemanticQuery(vector("w1 w2"), 4), CONVEX);
    for (FusedHit hit : hybrid.search(searcher)) {
      Explanation explanation = searcher.explain(hybrid, hit.candidate().doc());
      assertEquals(hit.score(), explanation.getValue().floatValue(), 0);
      String text = explanation.toString();
      assertTrue(
          text,
          text.contains(
              hit.lexicalRank() == 0
                  ? "lexical, not among the best 4"
                  : "lexical, rank " + hit.lexicalRank()));
      assertTrue(
          text,
          text.contains(
              hit.semanticRank() == 0
                  ? "semantic, not among the best 4"
                  : "semantic, rank " + hit.semanticRank()));
    }
    assertFalse(searcher.explain(hybrid, 0).isMatch() && id(0) == null);
  }

  public void testCandidatesCanBeFusedElsewhere() throws IOException {
    index(50);
    HybridQuery hybrid =
        new HybridQuery(anyOf("w1", "w2", "w3"), new SemanticQuery(vector("w1 w2 w3"), 10), CONVEX);
    List<Candidate> sent = new ArrayList<>(hybrid.candidates(searcher, 0));
    Collections.shuffle(sent, random());
    assertEquals(hybrid.search(searcher), CONVEX.fuse(sent, 10));
    for (Candidate candidate : hybrid.candidates(searcher, 7)) {
      assertEquals(7, candidate.shard());
    }
  }

  public void testDoesNotDependOnThePage() throws IOException {
    index(40);
    HybridQuery hybrid =
        new HybridQuery(anyOf("w1", "w2"), new SemanticQuery(vector("w1 w2"), 7), CONVEX);
    ScoreDoc[] whole = searcher.search(hybrid, 100).scoreDocs;
    for (int size = 1; size <= whole.length; size++) {
      TopDocs page = searcher.search(hybrid, size);
      assertEquals(whole.length, page.totalHits.value());
      for (int i = 0; i < size; i++) {
        assertEquals(whole[i].doc, page.scoreDocs[i].doc);
        assertEquals(whole[i].score, page.scoreDocs[i].score, 0);
      }
    }
  }

  public void testVisitsBothLegs() {
    List<Query> leaves = new ArrayList<>();
    SemanticQuery semantic = new SemanticQuery(vector("w1"), 5);
    new HybridQuery(anyOf("w1", "w2"), semantic, CONVEX)
        .visit(
            new QueryVisitor() {
              @Override
              public void visitLeaf(Query leaf) {
                leaves.add(leaf);
              }

              @Override
              public void consumeTerms(Query leaf, Term... terms) {
                leaves.add(leaf);
              }
            });
    assertEquals(
        Set.of(
            semantic,
            new TermQuery(new Term(IndexSchema.CATCH_ALL, "w1")),
            new TermQuery(new Term(IndexSchema.CATCH_ALL, "w2"))),
        Set.copyOf(leaves));
    assertEquals(3, leaves.size());
  }

  public void testRewrittenFormKnowsItsReader() throws IOException {
    index(5);
    Query rewritten =
        searcher.rewrite(new HybridQuery(anyOf("w1"), new SemanticQuery(vector("w1"), 3), CONVEX));
    try (IndexReader other = new MultiReader(new IndexReader[] {reader}, false)) {
      IllegalStateException e =
          expectThrows(
              IllegalStateException.class, () -> new IndexSearcher(other).search(rewritten, 1));
      assertTrue(e.toString(), e.toString().contains("belongs to another reader"));
    }
  }

  public void testValueSemantics() {
    SemanticQuery semantic = new SemanticQuery(vector("w1"), 5);
    HybridQuery hybrid = new HybridQuery(anyOf("w1"), semantic, CONVEX);
    QueryUtils.checkEqual(
        hybrid,
        new HybridQuery(anyOf("w1"), new SemanticQuery(vector("w1"), 5), Fusion.convex(0.1f)));
    QueryUtils.checkUnequal(hybrid, new HybridQuery(anyOf("w2"), semantic, CONVEX));
    QueryUtils.checkUnequal(
        hybrid, new HybridQuery(anyOf("w1"), new SemanticQuery(vector("w2"), 5), CONVEX));
    QueryUtils.checkUnequal(
        hybrid, new HybridQuery(anyOf("w1"), semantic, new Fusion.ReciprocalRank(60, 1, 1)));
    assertTrue(
        hybrid.toString(), hybrid.toString().startsWith("HybridQuery(_all:w1 | SemanticQuery"));
  }
}
