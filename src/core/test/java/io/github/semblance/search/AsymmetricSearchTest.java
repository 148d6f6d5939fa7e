package io.github.semblance.search;

import io.github.semblance.embed.AsymmetricEmbedder;
import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.embed.EmbeddingException;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.IndexOpenException;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.tests.util.LuceneTestCase;

/** One model for passages, another for queries. */
@LuceneTestCase.SuppressFileSystems("ExtrasFS") // no index is made among other files
public class AsymmetricSearchTest extends LuceneTestCase {
  private final BagOfWordsEmbedder large = new BagOfWordsEmbedder(64, 40);

  /** Another window makes it another model, whose vectors are in the same space. */
  private final BagOfWordsEmbedder small = new BagOfWordsEmbedder(64, 20);

  private Path index() throws IOException {
    Path folder = createTempDir();
    try (SemanticIndexWriter writer =
        SemanticIndexWriter.open(
            folder, large, new SemanticIndexWriterConfig().setOpenMode(OpenMode.CREATE))) {
      writer.updateDocument(new SourceDocument("join", "", "You can join late.", Map.of()));
      writer.updateDocument(new SourceDocument("docker", "", "Install docker first.", Map.of()));
      writer.commit();
    }
    return folder;
  }

  public void testTheModelOfQueriesAnswers() throws IOException {
    Path folder = index();
    expectThrows(IndexOpenException.class, () -> SemanticSearcher.open(folder, small));
    SearchRequest request = SearchRequest.builder("join late").mode(SearchMode.SEMANTIC).build();
    try (TextEmbedder both = new AsymmetricEmbedder(large.model(), small);
        SemanticSearcher searcher = SemanticSearcher.open(folder, both)) {
      assertEquals("join", searcher.search(request).hits().get(0).id());
    }
    expectThrows(EmbeddingException.class, () -> small.embedQuery("closed with it"));
  }

  public void testItEmbedsNothingElse() {
    try (TextEmbedder both = new AsymmetricEmbedder(large.model(), small)) {
      assertEquals(
          "the model of queries, bag-of-words, embeds queries only; passages need bag-of-words",
          expectThrows(EmbeddingException.class, () -> both.embedPassages(List.of("a")))
              .getMessage());
      expectThrows(EmbeddingException.class, () -> both.wordPieces("a"));
    }
  }

  public void testVectorsMustBeAsLong() {
    assertEquals(
        "the model of queries must make vectors as long as those of bag-of-words, 64, got: 32 of"
            + " bag-of-words",
        expectThrows(
                IllegalArgumentException.class,
                () -> new AsymmetricEmbedder(large.model(), new BagOfWordsEmbedder(32, 40)))
            .getMessage());
  }
}
