package io.github.semblance.index;

import io.github.semblance.embed.BagOfWordsEmbedder;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenFilter;
import org.apache.lucene.analysis.core.WhitespaceTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KeywordField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;

/** Fields that cannot be read or analysed: each is told, and no other document is lost. */
public class FailingFieldsTest extends LuceneTestCase {
  private static final int DOCUMENTS = 100;
  private static final DocumentFields FIELDS = DocumentFields.of("id", "text");

  private Directory directory;
  private IndexWriter writer;

  @Override
  public void setUp() throws Exception {
    super.setUp();
    directory = newDirectory();
    writer = new IndexWriter(directory, new IndexWriterConfig(new FailingAnalyzer()));
  }

  @Override
  public void tearDown() throws Exception {
    writer.close();
    directory.close();
    super.tearDown();
  }

  /** Fails at the words that say how. */
  private static final class FailingAnalyzer extends Analyzer {
    @Override
    protected TokenStreamComponents createComponents(String field) {
      WhitespaceTokenizer words = new WhitespaceTokenizer();
      return new TokenStreamComponents(
          words,
          new TokenFilter(words) {
            private final CharTermAttribute term = addAttribute(CharTermAttribute.class);

            @Override
            public boolean incrementToken() throws IOException {
              boolean more = input.incrementToken();
              switch (more ? term.toString() : "") {
                case "RUNTIME" -> throw new IllegalStateException();
                case "CLOSED" -> throw new AlreadyClosedException("the analyzer is closed");
                case "IO" -> throw new IOException("the dictionary is gone");
                case "ERROR" -> throw new StackOverflowError();
                default -> {}
              }
              return more;
            }
          });
    }
  }

  private static Document document(int number, String text) {
    Document document = new Document();
    document.add(new KeywordField("id", "d" + number, Field.Store.YES));
    document.add(new TextField("text", text, Field.Store.YES));
    return document;
  }

  private static Document unreadable(int number, Exception failure) {
    Document document = document(number, "fine");
    document.add(
        new TextField(
            "other",
            new Reader() {
              @Override
              public int read(char[] buffer, int from, int length) throws IOException {
                if (failure instanceof IOException e) {
                  throw e;
                }
                throw (RuntimeException) failure;
              }

              @Override
              public void close() {}
            }));
    return document;
  }

  /** Every tenth document fails, each in another way. */
  private static Document mixed(int number) {
    if (number % 10 != 3) {
      return document(number, "fine " + number);
    }
    return switch (number / 10 % 5) {
      case 0 -> unreadable(number, new IOException("the disk of the source is gone"));
      case 1 -> unreadable(number, new IllegalStateException("the source is closed"));
      case 2 -> document(number, "IO");
      case 3 -> document(number, "CLOSED");
      default -> document(number, "RUNTIME");
    };
  }

  private SemanticIndexWriter open(FailureHandler handler) throws IOException {
    return new SemanticIndexWriter(writer, new BagOfWordsEmbedder(), FIELDS, handler);
  }

  private static Set<String> ids(boolean failing) {
    return IntStream.range(0, DOCUMENTS)
        .filter(i -> (i % 10 == 3) == failing)
        .mapToObj(i -> "d" + i)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private int found(Set<String> ids) throws IOException {
    try (DirectoryReader reader = DirectoryReader.open(writer)) {
      IndexSearcher searcher = new IndexSearcher(reader);
      int found = 0;
      for (String id : ids) {
        found += searcher.count(new TermQuery(new Term("id", id)));
      }
      return found;
    }
  }

  public void testEachIsReportedAndTheOthersAreWritten() throws IOException {
    List<String> failed = new ArrayList<>();
    try (SemanticIndexWriter semantic = open((id, cause) -> failed.add(id))) {
      for (int i = 0; i < DOCUMENTS; i++) {
        semantic.add(mixed(i));
      }
      semantic.commit();
      assertEquals(90, semantic.statistics().documents());
      assertEquals(10, semantic.statistics().failed());
      assertEquals(0, semantic.deleteMissing());
    }
    assertEquals(ids(true), new TreeSet<>(failed));
    assertEquals(10, failed.size());
    assertEquals(90, found(ids(false)));
    assertEquals(0, found(ids(true)));
  }

  public void testFailuresDeleteNothingThatWasThere() throws IOException {
    try (SemanticIndexWriter semantic = open(FailureHandler.THROW)) {
      for (int i = 0; i < DOCUMENTS; i++) {
        semantic.add(document(i, "before"));
      }
      semantic.commit();
    }
    try (SemanticIndexWriter semantic = open(FailureHandler.THROW)) {
      IllegalArgumentException stopped =
          expectThrows(
              IllegalArgumentException.class,
              () -> {
                for (int i = 0; i < DOCUMENTS; i++) {
                  semantic.add(mixed(i));
                }
                semantic.commit();
              });
      assertTrue(stopped.toString(), stopped.toString().contains(": document \"d3\" could"));
      semantic.commit();
      assertEquals(0, semantic.deleteMissing());
      assertEquals(10, semantic.statistics().failed());
      semantic.commit();
    }
    assertEquals(90, found(ids(false)));
    assertEquals("their earlier state is kept", 10, found(ids(true)));
  }

  public void testTheIdOfADocumentThatIsRefusedAtOnceIsKept() throws IOException {
    try (SemanticIndexWriter semantic = open(FailureHandler.THROW)) {
      semantic.add(document(1, "before"));
      semantic.commit();
    }
    try (SemanticIndexWriter semantic = open(FailureHandler.THROW)) {
      Document refused = document(1, "after");
      refused.add(new TextField("text", Reader.nullReader()));
      expectThrows(IllegalArgumentException.class, () -> semantic.add(refused));
      assertEquals(0, semantic.deleteMissing());
      assertEquals(1, semantic.statistics().failed());
    }
    assertEquals(1, found(Set.of("d1")));
  }

  public void testAnErrorIsToldWithTheDocumentUntilTheEnd() throws IOException {
    List<String> failed = new ArrayList<>();
    try (SemanticIndexWriter semantic = open((id, cause) -> failed.add(id + cause.getMessage()))) {
      semantic.add(document(1, "fine"));
      semantic.commit();
      semantic.add(document(2, "ERROR"));
      semantic.add(document(3, "fine"));
      expectThrows(StackOverflowError.class, semantic::flush);
      for (int i = 0; i < 2; i++) {
        IllegalStateException later = expectThrows(IllegalStateException.class, semantic::commit);
        assertTrue(later.toString(), later.toString().contains("document \"d2\" ended in"));
        expectThrows(IllegalStateException.class, semantic::deleteMissing);
      }
      assertEquals(1, semantic.statistics().failed());
    }
    assertEquals(1, failed.size());
    assertTrue(failed.get(0), failed.get(0).startsWith("d2Lucene closed the index writer"));
  }
}
