package io.github.semblance.search;

import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.lucene.tests.util.LuceneTestCase;

@LuceneTestCase.SuppressFileSystems("ExtrasFS") // no index is made among other files
public class KeywordValuesTest extends LuceneTestCase {
  private final TextEmbedder embedder = new BagOfWordsEmbedder();
  private SemanticSearcher searcher;
  private KeywordValues values;

  @Override
  public void setUp() throws Exception {
    super.setUp();
    Path folder = createTempDir();
    try (SemanticIndexWriter writer =
        SemanticIndexWriter.open(folder, embedder, new SemanticIndexWriterConfig())) {
      String[] sections = {"games", "gnome", "web", "devel", "libs", "oldlibs", "Zope"};
      for (int i = 0; i < sections.length; i++) {
        writer.updateDocument(
            new SourceDocument(
                "" + i,
                "title",
                "text",
                Map.of("section", List.of(sections[i], "all"), "text", List.of("own"))));
        if (random().nextBoolean()) {
          writer.commit();
        }
      }
      writer.commit();
    }
    searcher = SemanticSearcher.open(folder, embedder);
    values = searcher.keywordValues();
  }

  @Override
  public void tearDown() throws Exception {
    searcher.close();
    super.tearDown();
  }

  public void testFields() {
    assertEquals(List.of("keyword.text", "section"), values.fields());
  }

  public void testBeginning() throws IOException {
    assertEquals(List.of("games", "gnome"), values.beginningWith("g", "section", 10));
    assertEquals(List.of("games"), values.beginningWith("g", "section", 1));
    assertEquals(List.of("Zope", "all", "devel"), values.beginningWith("", "section", 3));
    assertEquals(List.of("own"), values.beginningWith("", "text", 10));
    assertEquals(List.of(), values.beginningWith("x", "section", 10));
    assertEquals(List.of(), values.beginningWith("", "nosuch", 10));
  }

  public void testNearest() throws IOException {
    assertEquals("games", values.nearestTo("Games", "section", 5).get(0));
    assertEquals("gnome", values.nearestTo("gnomes", "section", 5).get(0));
    assertEquals("devel", values.nearestTo("development", "section", 5).get(0));
    assertEquals("Zope", values.nearestTo("zoep", "section", 5).get(0));
    assertEquals(List.of("libs", "oldlibs"), values.nearestTo("lib", "section", 2));
    assertEquals(3, values.nearestTo("", "section", 3).size());
    assertEquals(List.of(), values.nearestTo("x", "nosuch", 3));
  }
}
