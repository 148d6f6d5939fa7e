package io.github.semblance.search;

import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.index.Outline;
import io.github.semblance.index.Outline.Aside;
import io.github.semblance.index.Outline.Section;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.lucene.tests.util.LuceneTestCase;

/** What is shown of documents that are divided into sections, prose and code. */
@LuceneTestCase.SuppressFileSystems("ExtrasFS") // no index is made among other files
public class OutlinedHitsTest extends LuceneTestCase {
  private static final String TEXT =
      """
      Install
      Take the archive. Unpack it.
      tar xf archive.tgz
      Then start the daemon.
      Remove
      rm -r folder
      """;
  private static final Section INSTALL = new Section(0, 8, List.of("Install"), 0);
  private static final Section REMOVE =
      new Section(TEXT.indexOf("Remove"), TEXT.indexOf("rm -r"), List.of("Remove"), 4);
  private static final SourceDocument DOCUMENT =
      new SourceDocument(
          "1",
          "Manual",
          TEXT,
          Map.of(),
          new Outline(
              List.of(INSTALL, REMOVE),
              List.of(
                  new Aside(TEXT.indexOf("tar"), TEXT.indexOf("Then")),
                  new Aside(TEXT.indexOf("rm -r"), TEXT.length()))));

  private final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder(256, 32);

  private Hit hit(SourceDocument document, String question, SearchMode mode) throws IOException {
    Path folder = createTempDir();
    try (SemanticIndexWriter writer =
        SemanticIndexWriter.open(folder, embedder, new SemanticIndexWriterConfig())) {
      writer.updateDocument(document);
      writer.commit();
    }
    try (SemanticSearcher searcher = SemanticSearcher.open(folder, embedder)) {
      return searcher.search(SearchRequest.builder(question).mode(mode).build()).hits().get(0);
    }
  }

  public void testProseIsShownAndWhereItStands() throws IOException {
    Hit hit = hit(DOCUMENT, "archive", SearchMode.BM25);
    // The word stands in prose and in code.
    assertEquals("Take the archive. Unpack it.", hit.snippet().text());
    assertEquals(List.of(new Snippet.Span(9, 16)), hit.snippet().highlights());
    assertEquals(new Place(List.of("Install"), 0), hit.snippet().place());
    // In code alone, in a heading alone: prose of that section.
    String around = "Take the archive. Unpack it. \u2026 Then start the daemon.";
    assertEquals(around, hit(DOCUMENT, "xf", SearchMode.BM25).snippet().text());
    assertEquals(around, hit(DOCUMENT, "install", SearchMode.BM25).snippet().text());
    // Where there is no prose, code.
    hit = hit(DOCUMENT, "remove", SearchMode.BM25);
    assertEquals("rm -r folder", hit.snippet().text());
    assertEquals("Remove, page 4", hit.snippet().place().toString());
  }

  public void testPassagesKnowWhereTheyStand() throws IOException {
    Hit hit = hit(DOCUMENT, "Remove rm folder", SearchMode.SEMANTIC);
    Hit.PassageText passage = Objects.requireNonNull(hit.passage());
    assertEquals("rm -r folder", passage.text());
    assertEquals(new Place(List.of("Remove"), 4), passage.place());
    assertEquals(TEXT.indexOf("rm -r"), passage.start());
  }

  public void testADocumentWithoutAnOutlineIsShownAsBefore() throws IOException {
    SourceDocument plain = new SourceDocument("1", "", TEXT, Map.of());
    Hit hit = hit(plain, "xf", SearchMode.BM25);
    assertEquals(Place.UNKNOWN, hit.snippet().place());
    assertTrue(hit.snippet().text(), hit.snippet().text().contains("tar xf archive.tgz"));
  }
}
