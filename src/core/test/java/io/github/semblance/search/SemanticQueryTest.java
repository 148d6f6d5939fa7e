package io.github.semblance.search;

import io.github.semblance.index.IndexSchema;
import io.github.semblance.index.PassageVector;
import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.tests.search.QueryUtils;
import org.apache.lucene.tests.util.TestUtil;
import org.apache.lucene.util.VectorUtil;
import org.jspecify.annotations.Nullable;

public class SemanticQueryTest extends IndexedTestCase {

  public void testEmptyIndex() throws IOException {
    assertEquals(0, searcher.count(new SemanticQuery(vector("w1"), 3)));
  }

  public void testFindsTheClosestDocuments() throws IOException {
    index(TestUtil.nextInt(random(), 1, 60));
    for (int round = 0; round < 5; round++) {
      float[] vector = vector(words(3));
      int k = TestUtil.nextInt(random(), 1, 80);
      Query filter = random().nextBoolean() ? color("red") : null;
      float least = random().nextBoolean() ? SemanticQuery.ANY_SIMILARITY : 0.2f;
      assertEquals(
          naive(vector, k, filter, least),
          new SemanticQuery(vector, k, filter, least)
              .search(searcher).stream()
                  .collect(Collectors.toMap(ClosestPassage::doc, ClosestPassage::cosine)));
    }
  }

  private Map<Integer, Float> naive(float[] vector, int k, @Nullable Query filter, float least)
      throws IOException {
    Map<Integer, Float> cosines = allCosines(vector);
    cosines.values().removeIf(cosine -> cosine < least);
    if (filter != null) {
      cosines.keySet().retainAll(allScores(filter).keySet());
    }
    List<Integer> order = ranked(cosines);
    cosines.keySet().retainAll(order.subList(0, Math.min(k, order.size())));
    return cosines;
  }

  public void testScoresAsLuceneScoresCosines() throws IOException {
    index(10);
    SemanticQuery query = new SemanticQuery(vector("w1 w2"), 10);
    List<ClosestPassage> found = query.search(searcher);
    ScoreDoc[] hits = searcher.search(query, 10).scoreDocs;
    assertEquals(found.size(), hits.length);
    for (int i = 0; i < hits.length; i++) {
      assertEquals(found.get(i).doc(), hits[i].doc);
      assertEquals((1 + found.get(i).cosine()) / 2, hits[i].score, 1e-6);
    }
  }

  public void testMoreLikeOneIsMeanOfItsPassages() throws IOException {
    index(TestUtil.nextInt(random(), 2, 60));
    List<Integer> documents = List.copyOf(allCosines(vector("w1")).keySet());
    for (int round = 0; round < 5; round++) {
      int doc = documents.get(random().nextInt(documents.size()));
      float[] sum = new float[vector("w1").length];
      PassageVectors.visit(
          searcher, new int[] {doc}, (at, passage, vector) -> VectorUtil.add(sum, vector));
      int k = TestUtil.nextInt(random(), 1, 80);
      Query filter = random().nextBoolean() ? color("red") : null;
      Map<Integer, Float> expected = naive(sum, documents.size(), filter, -1);
      expected.remove(doc);
      List<Integer> order = ranked(expected);
      List<ClosestPassage> found =
          SemanticQuery.moreLike(searcher, id(doc), k, filter, SemanticQuery.ANY_SIMILARITY)
              .search(searcher);
      assertEquals(Math.min(k, order.size()), found.size());
      for (int i = 0; i < found.size(); i++) {
        assertEquals(expected.getOrDefault(order.get(i), Float.NaN), found.get(i).cosine(), 1e-5);
      }
    }
  }

  public void testMoreLikeNothing() throws IOException {
    index(3);
    SearchRequestException e =
        expectThrows(
            SearchRequestException.class,
            () -> SemanticQuery.moreLike(searcher, "nosuch", 1, null, -1));
    assertEquals("no document has the id \"nosuch\"", e.getMessage());
  }

  public void testTheBestPassageIsFound() throws IOException {
    String filler = "w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11 w12 ";
    index(
        new SourceDocument("long", "", filler + filler + "needle. " + filler, Map.of()),
        new SourceDocument("short", "", "w1 w2", Map.of()));
    ClosestPassage best = new SemanticQuery(vector("needle"), 2).search(searcher).get(0);
    assertEquals("long", id(best.doc()));
    assertTrue(best.passage() < best.doc());
  }

  public void testWrongDimension() throws IOException {
    index(3);
    if (allCosines(vector("w1")).isEmpty()) {
      return; // every document happened to be deleted
    }
    IllegalArgumentException e =
        expectThrows(
            IllegalArgumentException.class,
            () -> new SemanticQuery(new float[] {1, 2, 3}, 2).search(searcher));
    assertTrue(e.toString(), e.toString().contains("dimension"));
  }

  public void testArgumentsAreChecked() {
    IllegalArgumentException k =
        expectThrows(IllegalArgumentException.class, () -> new SemanticQuery(vector("w1"), 0));
    assertEquals("k must be at least 1, got: 0", k.getMessage());
    IllegalArgumentException cosine =
        expectThrows(
            IllegalArgumentException.class,
            () -> new SemanticQuery(vector("w1"), 1, null, Float.NaN));
    assertEquals("minSimilarity must be a cosine from -1 to 1, got: NaN", cosine.getMessage());
  }

  public void testAVectorWithoutADirectionIsRefused() {
    IllegalArgumentException zero =
        expectThrows(IllegalArgumentException.class, () -> new SemanticQuery(new float[3], 1));
    assertEquals("vector must have a direction, got: 3 zeros", zero.getMessage());
    IllegalArgumentException infinite =
        expectThrows(
            IllegalArgumentException.class,
            () -> new SemanticQuery(new float[] {1, Float.POSITIVE_INFINITY}, 1));
    assertEquals("vector must have finite values, got: Infinity at 1", infinite.getMessage());
    expectThrows(
        IllegalArgumentException.class, () -> new SemanticQuery(new float[] {Float.NaN}, 1));
  }

  public void testTheLengthOfAVectorDoesNotMatter() throws IOException {
    index(30);
    float[] query = vector("w1 w2");
    List<ClosestPassage> expected = new SemanticQuery(query, 10).search(searcher);
    for (float factor : new float[] {1e-40f, 1e-30f, 1e30f}) {
      float[] scaled = query.clone();
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] *= factor;
      }
      List<ClosestPassage> found = new SemanticQuery(scaled, 10).search(searcher);
      assertEquals(expected.size(), found.size());
      for (int i = 0; i < found.size(); i++) {
        assertEquals(expected.get(i).cosine(), found.get(i).cosine(), 1e-3);
      }
    }
  }

  public void testAStoredVectorOfZerosIsCloseToNothing() {
    assertEquals(0, ClosestPassage.cosine(vector("w1"), new float[24]), 0);
    IllegalArgumentException e =
        expectThrows(
            IllegalArgumentException.class,
            () -> IndexSchema.passageFields(new PassageVector(0, 1, new float[2])));
    assertEquals("the vector of a passage must have a direction, got: 2 zeros", e.getMessage());
  }

  public void testValueSemantics() {
    SemanticQuery query = new SemanticQuery(vector("w1"), 5);
    QueryUtils.checkEqual(query, new SemanticQuery(vector("w1"), 5));
    QueryUtils.checkUnequal(query, new SemanticQuery(vector("w2"), 5));
    QueryUtils.checkUnequal(query, new SemanticQuery(vector("w1"), 6));
    QueryUtils.checkUnequal(query, new SemanticQuery(vector("w1"), 5, color("red"), -1));
    QueryUtils.checkUnequal(query, new SemanticQuery(vector("w1"), 5, null, 0.5f));
  }
}
