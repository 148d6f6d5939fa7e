package io.github.semblance.embed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A listener is told of each call, also of those that fail. */
final class ObservedEmbedderTest {
  @Test
  void tellsOfCalls() {
    List<EmbeddingCall> calls = new ArrayList<>();
    TextEmbedder embedder = new ObservedEmbedder(new BagOfWordsEmbedder(8, 5), calls::add);
    embedder.embedQuery("a b");
    embedder.embedPassages(List.of("a b c d e", "a"));
    embedder.close();
    EmbeddingException failure =
        assertThrows(EmbeddingException.class, () -> embedder.embedQuery("x"));
    EmbeddingCall query = calls.get(0);
    assertTrue(query.query());
    assertEquals(1, query.texts());
    assertEquals(4, query.tokens());
    assertEquals(1, query.underWay());
    assertNull(query.failure());
    EmbeddingCall passages = calls.get(1);
    assertEquals(2, passages.texts());
    assertEquals(8, passages.tokens());
    assertEquals(2, passages.droppedTokens());
    assertTrue(passages.took().isPositive());
    assertSame(failure, calls.get(2).failure());
    assertEquals(1, calls.get(2).underWay()); // the earlier ones have ended
  }
}
