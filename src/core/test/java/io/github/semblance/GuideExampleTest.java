package io.github.semblance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.DocumentFields;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.index.SourceDocument;
import io.github.semblance.search.Candidate;
import io.github.semblance.search.Fusion;
import io.github.semblance.search.Hit;
import io.github.semblance.search.HybridQuery;
import io.github.semblance.search.SearchRequest;
import io.github.semblance.search.SemanticQuery;
import io.github.semblance.search.SemanticSearcher;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples of the guide, which must stand in this file as they stand there. */
final class GuideExampleTest {
  private final TextEmbedder embedder = new BagOfWordsEmbedder();

  @Test
  void theGuideShowsTheSamples() throws IOException {
    String guide = Files.readString(Path.of("src/core/overview.html"));
    String source =
        Files.readString(Path.of("src/core/test/java/io/github/semblance/GuideExampleTest.java"));
    List<String> shown =
        Pattern.compile("<pre>\\{@code\n(.*?)\n}</pre>", Pattern.DOTALL)
            .matcher(guide)
            .results()
            .map(block -> block.group(1))
            .toList();
    assertEquals(4, shown.size());
    for (String block : shown) {
      assertTrue(source.contains(block.indent(4)) || source.contains(block.indent(6)), block);
    }
  }

  @Test
  void whatIsWrittenIsRead(@TempDir Path folder) throws IOException {
    write(folder);
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      read(folder);
    } finally {
      System.setOut(console);
    }
    assertEquals(
        "1 q1 You can [join] at any time.", printed.toString(StandardCharsets.UTF_8).strip());
  }

  private void write(Path folder) throws IOException {
    try (SemanticIndexWriter writer =
        SemanticIndexWriter.open(
            folder, embedder, new SemanticIndexWriterConfig().setOpenMode(OpenMode.CREATE))) {
      Map<String, List<String>> keywords = Map.of("course", List.of("search"));
      writer.updateDocument(
          new SourceDocument("q1", "Joining late", "You can join at any time.", keywords));
      writer.commit();
    }
  }

  private void read(Path folder) throws IOException {
    try (SemanticSearcher searcher = SemanticSearcher.open(folder, embedder)) {
      SearchRequest request =
          SearchRequest.builder("joining").filter("course", "search").top(5).build();
      for (Hit hit : searcher.search(request).hits()) {
        System.out.println(hit.rank() + " " + hit.id() + " " + hit.snippet().marked("[", "]"));
      }
    }
  }

  @Test
  void ownDocumentsAreFoundByOwnFusions() throws IOException {
    try (Directory directory = new ByteBuffersDirectory();
        Analyzer analyzer = new StandardAnalyzer();
        IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(analyzer))) {
      for (String blurb : List.of("bread and butter", "stars at night")) {
        add(writer, book(blurb));
      }
      try (DirectoryReader reader = DirectoryReader.open(writer)) {
        IndexSearcher searcher = new IndexSearcher(reader);
        for (int found : fuse(searcher, new TermQuery(new Term("blurb", "stars")), "night")) {
          assertEquals("stars at night", searcher.storedFields().document(found).get("blurb"));
        }
      }
    }
  }

  private void add(IndexWriter writer, Document book) throws IOException {
    DocumentFields fields = DocumentFields.of("isbn", "blurb").withTitle("name");
    try (SemanticIndexWriter semantic =
        new SemanticIndexWriter(
            writer, embedder, new SemanticIndexWriterConfig().setFields(fields))) {
      semantic.updateDocument(book);
      semantic.commit();
    }
  }

  /** The first of each ranking. */
  private List<Integer> fuse(IndexSearcher searcher, Query keywords, String words)
      throws IOException {
    float floor = embedder.model().cosineFloor();
    SemanticQuery meaning = new SemanticQuery(embedder.embedQuery(words).vector(), 100);
    HybridQuery both = new HybridQuery(keywords, meaning, new Fusion.Convex(0.3f, floor));
    HybridQuery byRank = new HybridQuery(keywords, meaning, new Fusion.ReciprocalRank(60, 1, 1));
    List<Candidate> byYou =
        both.candidates(searcher, 0).stream()
            .sorted(Comparator.comparingDouble(candidate -> -score(candidate)))
            .toList();
    return List.of(
        searcher.search(both, 1).scoreDocs[0].doc,
        searcher.search(byRank, 1).scoreDocs[0].doc,
        byYou.get(0).doc());
  }

  private static double score(Candidate candidate) {
    return candidate.bm25() + 10 * candidate.cosine();
  }

  private static Document book(String blurb) {
    Document book = new Document();
    book.add(new StringField("isbn", blurb.substring(0, 5), Field.Store.YES));
    book.add(new TextField("name", "A book", Field.Store.YES));
    book.add(new TextField("blurb", blurb, Field.Store.YES));
    return book;
  }
}
