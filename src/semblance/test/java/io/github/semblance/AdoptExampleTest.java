package io.github.semblance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.analysis.NamedAnalyzer;
import io.github.semblance.bert.BertEmbedder;
import io.github.semblance.bert.Precision;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.Adoption;
import io.github.semblance.index.DocumentFields;
import io.github.semblance.index.IndexManifest;
import io.github.semblance.index.ModelMigration;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
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
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way of docs/adopt.md, with the default model: the example stands here as it stands there. */
final class AdoptExampleTest {

  @Test
  void anIndexOfAnotherProgramIsSearchedByMeaning(@TempDir Path folder) throws IOException {
    indexOfAnotherProgram(folder);
    adopt(folder);
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      application(folder, book("4", "Stars", "What shines at night."), "repairing cars");
    } finally {
      System.setOut(console);
    }
    List<String> found = printed.toString(StandardCharsets.UTF_8).lines().toList();
    assertEquals(3, found.size(), found::toString);
    assertEquals("Engines", found.getFirst());
  }

  private static void indexOfAnotherProgram(Path folder) throws IOException {
    try (Directory directory = FSDirectory.open(folder);
        Analyzer analyzer = new StandardAnalyzer();
        IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(analyzer))) {
      writer.addDocument(book("1", "Bread", "Flour, water, salt and a hot oven."));
      writer.addDocument(book("2", "Engines", "How to take a motor apart, and put it back."));
      writer.addDocument(book("3", "Cars", "Repairing cars, in pictures."));
    }
  }

  /** As the command does. */
  private static void adopt(Path folder) throws IOException {
    SemanticIndexWriterConfig config =
        new SemanticIndexWriterConfig()
            .setOpenMode(OpenMode.APPEND)
            .setAnalyzer(NamedAnalyzer.STANDARD)
            .setFields(DocumentFields.of("isbn", "blurb").withTitle("name"));
    try (TextEmbedder embedder = BertEmbedder.load("all-MiniLM-L6-v2");
        SemanticIndexWriter semantic = SemanticIndexWriter.open(folder, embedder, config)) {
      assertEquals(3, semantic.adopt(Adoption.fromStoredFields()).adopted());
    }
  }

  @Test
  void itsModelChangesToAnotherPrecision(@TempDir Path folder) throws IOException {
    indexOfAnotherProgram(folder);
    adopt(folder);
    BertEmbedder.Options int8 = BertEmbedder.Options.defaults().withPrecision(Precision.INT8);
    try (TextEmbedder embedder = BertEmbedder.load("all-MiniLM-L6-v2", int8);
        ModelMigration migration = ModelMigration.open(folder, embedder)) {
      assertTrue(migration.finish().switched());
      assertEquals(embedder.model(), IndexManifest.read(folder).model());
      try (SemanticSearcher searcher = SemanticSearcher.open(folder, embedder)) {
        var hits = searcher.search(SearchRequest.builder("fixing vehicles").build()).hits();
        assertEquals("Cars", hits.getFirst().title());
        assertEquals(3, hits.size());
      }
    }
  }

  @Test
  void thePageShowsTheExample() throws IOException {
    String page = Files.readString(Path.of("docs/adopt.md"));
    String source =
        Files.readString(
            Path.of("src/semblance/test/java/io/github/semblance/AdoptExampleTest.java"));
    List<String> shown =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(page)
            .results()
            .map(block -> block.group(1))
            .toList();
    assertEquals(1, shown.size());
    assertTrue(source.contains(shown.getFirst().indent(4)));
    long changed = shown.getFirst().lines().filter(AdoptExampleTest::isNew).count();
    assertEquals(12, changed);
  }

  /** A line of code; a remark on a line of its own is none. */
  private static boolean isNew(String line) {
    return line.contains("// new") && !line.strip().startsWith("//");
  }

  private static Document book(String isbn, String name, String blurb) {
    Document book = new Document();
    book.add(new StringField("isbn", isbn, Field.Store.YES));
    book.add(new TextField("name", name, Field.Store.YES));
    book.add(new TextField("blurb", blurb, Field.Store.YES));
    return book;
  }

  private static void application(Path folder, Document book, String question) throws IOException {
    try (TextEmbedder embedder = BertEmbedder.load("all-MiniLM-L6-v2"); // new
        Directory directory = FSDirectory.open(folder);
        Analyzer analyzer = new StandardAnalyzer();
        IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(analyzer))) {
      SemanticIndexWriterConfig config = // new
          new SemanticIndexWriterConfig() // new
              .setAnalyzer(NamedAnalyzer.STANDARD) // new; as --analyzer said
              .setFields(DocumentFields.of("isbn", "blurb").withTitle("name")); // new
      try (SemanticIndexWriter semantic = // new
          new SemanticIndexWriter(writer, embedder, config)) { // new
        semantic.updateDocument(book); // new; was: writer.updateDocument(isbnOf(book), book)
        semantic.deleteDocument("3"); // new; was: writer.deleteDocuments(new Term("isbn", "3"))
        semantic.commit(); // new; was: writer.commit()
      } // new
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
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
