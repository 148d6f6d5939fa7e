package io.github.semblance.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FusionTest {
  private static final Candidate BOTH = new Candidate(0, 1, 0, 10f, 40f, 0.6f, true, true);
  private static final Candidate WORDS = new Candidate(0, 3, 2, 20f, 40f, 0.1f, true, false);
  private static final Candidate MEANING = new Candidate(0, 5, 4, 0f, 40f, 0.8f, false, true);

  /** Each candidate's score by hand: 0.55 · bm25 / 40 + 0.45 · max(0, cosine - 0.2) / 0.8. */
  @Test
  void convexByHand() {
    List<FusedHit> fused = Fusion.convex(0.2f).fuse(List.of(WORDS, MEANING, BOTH), 10);
    assertEquals(List.of(BOTH, MEANING, WORDS), fused.stream().map(FusedHit::candidate).toList());
    assertEquals(0.1375 + 0.225, fused.get(0).score(), 1e-6);
    assertEquals(0.3375, fused.get(1).score(), 1e-6);
    assertEquals(0.275, fused.get(2).score(), 1e-6);
    assertEquals(List.of(2, 0, 1), fused.stream().map(FusedHit::lexicalRank).toList());
    assertEquals(List.of(2, 1, 0), fused.stream().map(FusedHit::semanticRank).toList());
  }

  /** 2/(60+rank) for keywords, 1/(60+rank) for meaning. */
  @Test
  void reciprocalRankByHand() {
    List<FusedHit> fused =
        new Fusion.ReciprocalRank(60, 2, 1).fuse(List.of(WORDS, MEANING, BOTH), 10);
    assertEquals(List.of(BOTH, WORDS, MEANING), fused.stream().map(FusedHit::candidate).toList());
    assertEquals(2 / 62.0 + 1 / 62.0, fused.get(0).score(), 1e-6);
    assertEquals(2 / 61.0, fused.get(1).score(), 1e-6);
    assertEquals(1 / 61.0, fused.get(2).score(), 1e-6);
  }

  @Test
  void noKeywordMatchesAtAll() {
    assertEquals(0.45 * 0.75, Fusion.convex(0.2f).fuse(List.of(MEANING), 10).get(0).score(), 1e-6);
    assertEquals(List.of(), Fusion.convex(0.2f).fuse(List.of(), 10));
  }

  @Test
  void aDocumentWithoutVectorHasItsKeywords() {
    Candidate noVector = new Candidate(0, 1, -1, 5f, 10f, -1f, true, false);
    assertEquals(0.275, Fusion.convex(0).fuse(List.of(noVector), 10).get(0).score(), 1e-6);
  }

  @Test
  void equalScoresGoByShardThenDocumentInWhateverOrderTheyCome() {
    List<Candidate> candidates = new ArrayList<>();
    for (int shard = 0; shard < 3; shard++) {
      for (int doc = 0; doc < 5; doc++) {
        candidates.add(new Candidate(shard, doc, -1, 1f, 2f, 0.5f, true, true));
      }
    }
    for (Fusion fusion : List.of(Fusion.convex(0), new Fusion.ReciprocalRank(60, 1, 1))) {
      List<FusedHit> expected = fusion.fuse(candidates, 10);
      if (fusion instanceof Fusion.Convex) {
        assertEquals(
            candidates.subList(0, 10), expected.stream().map(FusedHit::candidate).toList());
      }
      List<Candidate> shuffled = new ArrayList<>(candidates);
      Collections.shuffle(shuffled, new Random(1));
      assertEquals(expected, fusion.fuse(shuffled, 10));
    }
  }

  @Test
  void whatNoLegFoundWithinTheDepthIsLeftOut() {
    List<FusedHit> fused =
        new Fusion.ReciprocalRank(60, 1, 1).fuse(List.of(WORDS, MEANING, BOTH), 1);
    assertEquals(List.of(WORDS, MEANING), fused.stream().map(FusedHit::candidate).toList());
  }

  @Test
  void settingsAreChecked() {
    assertEquals(
        "semanticWeight must be in [0, 1], got: 1.5",
        assertThrows(IllegalArgumentException.class, () -> new Fusion.Convex(1.5f, 0))
            .getMessage());
    assertEquals(
        "cosineFloor must be in [0, 1), got: 1.0",
        assertThrows(IllegalArgumentException.class, () -> new Fusion.Convex(0.5f, 1))
            .getMessage());
    assertEquals(
        "k must be at least 1, got: 0",
        assertThrows(IllegalArgumentException.class, () -> new Fusion.ReciprocalRank(0, 1, 1))
            .getMessage());
    assertEquals(
        "lexicalWeight must be at least 0, got: -1.0",
        assertThrows(IllegalArgumentException.class, () -> new Fusion.ReciprocalRank(60, -1, 1))
            .getMessage());
  }
}
