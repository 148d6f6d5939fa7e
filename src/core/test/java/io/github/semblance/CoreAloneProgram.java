package io.github.semblance;

import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.embed.WordPiece;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.index.SourceDocument;
import io.github.semblance.search.Hit;
import io.github.semblance.search.SearchMode;
import io.github.semblance.search.SearchRequest;
import io.github.semblance.search.SemanticSearcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.util.VectorUtil;

/** An application with an embedder of its own: {@link CoreAloneTest} runs it. */
final class CoreAloneProgram {
  private CoreAloneProgram() {}

  /** Indexes three documents in the folder that it is given, and prints what searches find. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    try (TextEmbedder embedder = new TrigramEmbedder()) {
      try (SemanticIndexWriter writer =
          SemanticIndexWriter.open(
              folder, embedder, new SemanticIndexWriterConfig().setOpenMode(OpenMode.CREATE))) {
        writer.updateDocument(
            new SourceDocument("join", "Enrolment", "You can join at any time.", Map.of()));
        writer.updateDocument(new SourceDocument("fees", "Costs", "The course is free.", Map.of()));
        writer.updateDocument(
            new SourceDocument("exam", "Marks", "The examination is in May.", Map.of()));
        writer.commit();
      }
      try (SemanticSearcher searcher = SemanticSearcher.open(folder, embedder)) {
        for (SearchMode mode : SearchMode.values()) {
          print(mode.name(), searcher, SearchRequest.builder("enrolments").mode(mode));
        }
        print("SYNTAX", searcher, SearchRequest.syntax("+cour* ~\"enrolments\""));
      }
    }
  }

  private static void print(String label, SemanticSearcher searcher, SearchRequest.Builder request)
      throws IOException {
    Hit best = searcher.search(request.top(1).build()).hits().get(0);
    System.out.println(label + " " + best.id() + " " + best.snippet().text());
  }

  /** Texts are close that share sequences of three letters. */
  private static final class TrigramEmbedder implements TextEmbedder {
    @Override
    public EmbeddingModel model() {
      return new EmbeddingModel("trigrams", 64, 256, 2, 0, "trigrams-64", Map.of());
    }

    @Override
    public Embedding embedQuery(String text) {
      float[] vector = new float[64];
      vector[0] = 0.1f; // keeps the vector of a short text away from zero
      for (int i = 0; i + 3 <= text.length(); i++) {
        vector[text.substring(i, i + 3).hashCode() & 63]++;
      }
      return new Embedding(VectorUtil.l2normalize(vector), wordPieces(text).size() + 2, 0);
    }

    @Override
    public List<Embedding> embedPassages(List<String> passages) {
      return passages.stream().map(this::embedQuery).toList();
    }

    @Override
    public List<WordPiece> wordPieces(String text) {
      return Pattern.compile("\\S+")
          .matcher(text)
          .results()
          .map(word -> new WordPiece(word.group(), word.start(), word.end()))
          .toList();
    }

    @Override
    public void close() {}
  }
}
