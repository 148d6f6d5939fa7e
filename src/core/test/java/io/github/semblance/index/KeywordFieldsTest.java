package io.github.semblance.index;

import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.search.SearchRequest;
import io.github.semblance.search.SearchRequestException;
import io.github.semblance.search.SemanticSearcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.tests.util.LuceneTestCase;

/** An index has a limited number of keyword fields. */
@LuceneTestCase.SuppressFileSystems("ExtrasFS") // no index is made among other files
public class KeywordFieldsTest extends LuceneTestCase {
  private final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder(8, 12);
  private final List<String> failed = new ArrayList<>();

  private SemanticIndexWriter open(Path folder, OpenMode mode) throws IOException {
    return SemanticIndexWriter.open(
        folder,
        embedder,
        new SemanticIndexWriterConfig()
            .setOpenMode(mode)
            .setFailureHandler((id, cause) -> failed.add(id + ": " + cause.getMessage())));
  }

  private static SourceDocument document(String id, int from, int to) {
    Map<String, List<String>> keywords = new HashMap<>();
    for (int i = from; i < to; i++) {
      keywords.put("k" + i, List.of("v"));
    }
    return new SourceDocument(id, "title", "text", keywords);
  }

  public void testTheLimitHoldsForAllDocumentsTogether() throws IOException {
    int limit = IndexSchema.MAX_KEYWORD_FIELDS;
    Path folder = createTempDir();
    try (SemanticIndexWriter writer = open(folder, OpenMode.CREATE)) {
      writer.updateDocument(document("fits", 0, limit - 10));
      writer.updateDocument(document("too many", limit - 20, limit + 1));
      writer.updateDocument(document("just fits", limit - 20, limit));
      writer.updateDocument(document("known", 0, 30));
      writer.commit();
      assertEquals(3, writer.statistics().documents());
    }
    assertEquals(
        List.of(
            "too many: an index has at most 1000 keyword fields, this one has 990, and the document"
                + " brings 11 more; name the fields that are to be keywords, or make names that"
                + " vary the values of one field"),
        failed);
    failed.clear();
    try (SemanticIndexWriter writer = open(folder, OpenMode.APPEND)) {
      writer.updateDocument(document("later", limit, limit + 1));
      writer.updateDocument(document("known", 5, 6));
      writer.commit();
    }
    assertEquals(1, failed.size());
    assertTrue(failed.toString(), failed.getFirst().startsWith("later: an index has at most"));
    try (SemanticSearcher searcher = SemanticSearcher.open(folder, embedder)) {
      SearchRequestException e =
          expectThrows(
              SearchRequestException.class,
              () -> searcher.search(SearchRequest.builder("text").filter("no", "v").build()));
      assertTrue(e.getMessage(), e.toString().endsWith(" and 951 more"));
      assertEquals(
          2,
          searcher.search(SearchRequest.builder("text").filter("k5", "v").build()).total().value());
    }
  }
}
