package io.github.semblance.search;

import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.embed.WordPiece;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.junit.jupiter.api.Assertions;

/** The sentence closest in meaning: which it is, where it stands, and what finding it costs. */
public class HighlightTest extends LuceneTestCase {
  private static final String TEXT =
      "Payments go to the treasurer.  The garden opens at nine.\nDogs stay outside, please!";

  private final Counting embedder = new Counting(64);

  /** The fake model, remembering what it was asked to embed. */
  private static final class Counting implements TextEmbedder {
    private final BagOfWordsEmbedder fake;
    private final List<String> embedded = new ArrayList<>();

    Counting(int window) {
      fake = new BagOfWordsEmbedder(64, window);
    }

    @Override
    public EmbeddingModel model() {
      return fake.model();
    }

    @Override
    public Embedding embedQuery(String query) {
      return fake.embedQuery(query);
    }

    @Override
    public List<Embedding> embedPassages(List<String> passages) {
      embedded.addAll(passages);
      return fake.embedPassages(passages);
    }

    @Override
    public List<WordPiece> wordPieces(String text) {
      return fake.wordPieces(text);
    }

    @Override
    public void close() {
      fake.close();
    }
  }

  @FunctionalInterface
  private interface Asking {
    void of(SemanticSearcher searcher) throws IOException;
  }

  private static void search(TextEmbedder embedder, List<SourceDocument> documents, Asking asking)
      throws IOException {
    StandardAnalyzer analyzer = new StandardAnalyzer();
    try (Directory directory = newDirectory();
        IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(analyzer))) {
      try (SemanticIndexWriter semantic =
          new SemanticIndexWriter(writer, embedder, new SemanticIndexWriterConfig())) {
        for (SourceDocument document : documents) {
          semantic.updateDocument(document);
        }
        semantic.commit();
      }
      try (IndexReader reader = DirectoryReader.open(writer)) {
        asking.of(SemanticSearcher.over(new IndexSearcher(reader), embedder, analyzer));
      }
    }
  }

  private static SourceDocument document(String id, String title, String text) {
    return new SourceDocument(id, title, text, Map.of());
  }

  private static Highlight first(SemanticSearcher searcher, String words) throws IOException {
    SearchRequest request = SearchRequest.builder(words).highlight(true).build();
    return Objects.requireNonNull(searcher.search(request).hits().getFirst().highlight());
  }

  public void testTheClosestSentenceIsFoundWithItsWords() throws IOException {
    search(
        embedder,
        List.of(document("a", "When does the garden open?", TEXT)),
        searcher -> {
          Highlight garden = first(searcher, "when the GARDEN opens");
          assertEquals("The garden opens at nine.", garden.sentence().text());
          assertEquals(
              List.of("The", "garden", "opens"),
              garden.words().stream()
                  .map(word -> TEXT.substring(word.start(), word.end()))
                  .toList());
          assertEquals("[The] [garden] [opens] at nine.", garden.snippet().marked("[", "]"));
          assertEquals(TEXT, garden.around().text());
          Highlight dogs = first(searcher, "dogs");
          assertEquals("Dogs stay outside, please!", dogs.sentence().text());
          assertEquals(TEXT.indexOf("Dogs"), dogs.sentence().start());
          assertEquals(TEXT.length(), dogs.sentence().end());
          assertEquals(
              ClosestPassage.cosine(
                  embedder.embedQuery("dogs").vector(),
                  embedder.embedQuery("Dogs stay outside, please!").vector()),
              dogs.cosine(),
              0);
        });
  }

  public void testASentenceIsEmbeddedOnceAndOnlyWhenAskedFor() throws IOException {
    search(
        embedder,
        List.of(document("a", "", TEXT), document("b", "", "Dogs stay outside, please!")),
        searcher -> {
          embedder.embedded.clear();
          searcher.search(SearchRequest.builder("dogs").build());
          assertEquals(List.of(), embedder.embedded);
          first(searcher, "dogs");
          assertEquals(3, embedder.embedded.size());
          first(searcher, "the garden");
          assertEquals(3, embedder.embedded.size());
          first(searcher.among(MatchAllDocsQuery.INSTANCE), "treasurer");
          assertEquals(3, embedder.embedded.size());
        });
  }

  public void testNeighboursThatMatchAsWellAreOneSpan() throws IOException {
    Counting small = new Counting(12);
    String apples = "Apples pears plums apples pears plums figs. ";
    String other = "Iron copper zinc tin lead silver gold. ";
    String text = other + apples + apples + other;
    search(
        small,
        List.of(document("a", "", text)),
        searcher -> {
          Highlight fruit = first(searcher, apples);
          String around = fruit.around().text();
          assertEquals(text.substring(fruit.around().start(), fruit.around().end()), around);
          assertTrue(around, around.contains((apples + apples).strip()));
          assertFalse(around, around.contains("zinc"));
          assertEquals(apples.strip(), fruit.sentence().text());
          String metal = first(searcher, "iron copper zinc tin lead silver").around().text();
          assertTrue(metal, metal.contains("zinc"));
          assertFalse(metal, metal.contains("figs"));
        });
  }

  public void testTextWithoutWordsHasNoSentence() throws IOException {
    search(
        embedder,
        List.of(document("a", "Only a title", ""), document("b", "A title", "… --- !")),
        searcher -> {
          SearchResults found =
              searcher.search(SearchRequest.builder("title").highlight(true).build());
          assertEquals(2, found.hits().size());
          found.hits().forEach(hit -> assertNull(hit.highlight()));
        });
  }

  public void testAllHitsAreHighlightedWhileThereIsTime() throws IOException {
    List<SourceDocument> many = new ArrayList<>();
    for (int i = 0; i < 35; i++) {
      many.add(document("d" + i, "", "Number " + i + " is a dog. It barks " + i + " times."));
    }
    search(
        embedder,
        many,
        searcher -> {
          SearchRequest request = SearchRequest.builder("a dog").top(35).highlight(true).build();
          for (Hit hit : searcher.search(request).hits()) {
            Highlight highlight = Objects.requireNonNull(hit.highlight());
            assertTrue(highlight.sentence().text(), highlight.sentence().text().endsWith("dog."));
            assertEquals(
                hit.text().substring(highlight.sentence().start(), highlight.sentence().end()),
                highlight.sentence().text());
          }
          embedder.embedded.clear();
          SearchResults late =
              searcher.search(
                  SearchRequest.builder("barks").top(35).highlight(true).build(), () -> true);
          assertTrue(late.timedOut());
          assertEquals(List.of(), embedder.embedded);
        });
  }

  public void testSentencesOfAPassageHaveABound() {
    String text = "One. ".repeat(1_000);
    assertEquals(
        SentenceHighlighter.MOST_SENTENCES,
        SentenceHighlighter.sentences(new Hit.PassageText(text, 0, text.length())).size());
  }

  public void testVectorsKeptHaveABound() {
    SentenceVectors vectors = new SentenceVectors(embedder);
    int most = SentenceVectors.MOST_VALUES / embedder.model().dimension();
    List<String> sentences = new ArrayList<>();
    for (int i = 0; i <= most; i++) {
      sentences.add("s" + i);
    }
    vectors.of(sentences);
    embedder.embedded.clear();
    vectors.of(List.of("s" + most, "s0", "s0"));
    assertEquals(List.of("s0"), embedder.embedded);
    String endless = "x".repeat(SentenceVectors.LONGEST + 1);
    vectors.of(List.of(endless));
    vectors.of(List.of(endless));
    assertEquals(List.of("s0", endless, endless), embedder.embedded);
  }

  public void testRequestsThatHaveNoMeaningAreRefused() {
    for (SearchRequest.Builder request :
        List.of(
            SearchRequest.builder("x").mode(SearchMode.BM25),
            SearchRequest.syntax("x"),
            SearchRequest.like("x"))) {
      SearchRequestException refused =
          Assertions.assertThrows(
              SearchRequestException.class, () -> request.highlight(true).build());
      String message = String.valueOf(refused.getMessage());
      assertTrue(message, message.startsWith("sentences are highlighted"));
    }
  }
}
