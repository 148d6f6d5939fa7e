package io.github.semblance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.bert.BertEmbedder;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.DocumentFields;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.index.SourceDocument;
import io.github.semblance.search.Hit;
import io.github.semblance.search.HybridQuery;
import io.github.semblance.search.SearchRequest;
import io.github.semblance.search.SemanticSearcher;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the README and docs/lucene.md: they stand in this file as they stand there. */
final class ReadmeExampleTest {

  @Test
  void theExampleFindsItsDocument(@TempDir Path folder) throws IOException {
    String line = printed(() -> example(folder));
    assertTrue(line.startsWith("1 Can I join after the start date? 0."), line);
  }

  @Test
  void anApplicationsOwnDocumentsAreFoundByMeaning(@TempDir Path folder) throws IOException {
    List<Document> books =
        List.of(
            book("1", "Bread", "Flour, water, salt and a hot oven."),
            book("2", "Engines", "How to take a motor apart, and put it together again."),
            book("3", "Stars", "What shines in the sky at night."));
    String lines = printed(() -> ownDocuments(folder, books, "repairing cars"));
    assertEquals("Engines", lines.lines().findFirst().orElse(""), lines);
  }

  @Test
  void theReadmeAndThePageOnLuceneShowTheExamples() throws IOException {
    String pages =
        Files.readString(Path.of("README.md")) + Files.readString(Path.of("docs/lucene.md"));
    String source =
        Files.readString(
            Path.of("src/semblance/test/java/io/github/semblance/ReadmeExampleTest.java"));
    List<String> shown =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(pages)
            .results()
            .map(block -> block.group(1))
            .toList();
    assertEquals(2, shown.size());
    for (String block : shown) {
      assertTrue(source.contains(block.indent(4)), block);
    }
    long added = shown.get(1).lines().filter(line -> line.contains("// new")).count();
    assertTrue(added > 0 && added < 15, () -> added + " lines");
  }

  private interface Example {
    void run() throws IOException;
  }

  private static String printed(Example example) throws IOException {
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      example.run();
    } finally {
      System.setOut(console);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  private static Document book(String isbn, String name, String blurb) {
    Document book = new Document();
    book.add(new StringField("isbn", isbn, Field.Store.YES));
    book.add(new TextField("name", name, Field.Store.YES));
    book.add(new TextField("blurb", blurb, Field.Store.YES));
    return book;
  }

  private static void example(Path folder) throws IOException {
    try (TextEmbedder embedder = BertEmbedder.load("all-MiniLM-L6-v2")) {
      try (SemanticIndexWriter writer =
          SemanticIndexWriter.open(folder, embedder, new SemanticIndexWriterConfig())) {
        writer.updateDocument(
            new SourceDocument(
                "q1",
                "Can I join after the start date?",
                "Yes. You can hand in all homework until the end of the course.",
                Map.of("course", List.of("search"))));
        writer.commit();
      }
      try (SemanticSearcher searcher = SemanticSearcher.open(folder, embedder)) {
        SearchRequest request =
            SearchRequest.builder("Is it too late to enrol?").filter("course", "search").build();
        for (Hit hit : searcher.search(request).hits()) {
          System.out.println(hit.rank() + " " + hit.title() + " " + hit.score());
        }
      }
    }
  }

  private static void ownDocuments(Path folder, List<Document> books, String question)
      throws IOException {
    try (TextEmbedder embedder = BertEmbedder.load("all-MiniLM-L6-v2"); // new
        Directory directory = FSDirectory.open(folder);
        Analyzer analyzer = new StandardAnalyzer();
        IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(analyzer))) {
      SemanticIndexWriterConfig config = // new
          new SemanticIndexWriterConfig() // new
              .setFields(DocumentFields.of("isbn", "blurb").withTitle("name")); // new
      try (SemanticIndexWriter semantic = // new
          new SemanticIndexWriter(writer, embedder, config)) { // new
        for (Document book : books) {
          semantic.updateDocument(book); // new; was: writer.addDocument(book)
        }
        semantic.commit(); // new; was: writer.commit()
      } // new
      try (DirectoryReader reader = DirectoryReader.open(writer)) {
        IndexSearcher searcher = new IndexSearcher(reader);
        // new; was: new QueryBuilder(analyzer).createBooleanQuery("blurb", question)
        Query query = HybridQuery.of(question, reader, analyzer, embedder); // new
        for (ScoreDoc hit : searcher.search(query, 10).scoreDocs) {
          System.out.println(searcher.storedFields().document(hit.doc).get("name"));
        }
      }
    }
  }
}
