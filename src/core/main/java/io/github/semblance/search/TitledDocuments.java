package io.github.semblance.search;

import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.DocumentFields;
import io.github.semblance.index.IndexManifest;
import io.github.semblance.index.IndexSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.Weight;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.Bits;

/** Documents of an index whose titles can be asked of their texts. Stateless. */
final class TitledDocuments {
  private static final int LEAST_WORDS = 3;

  /** How many documents are read at most, where many have no title. */
  private static final int LOOKED_AT = 10 * WeightTuner.QUESTIONS;

  /** Longer texts are passed over: a few of them would use up what the whole may cost. */
  private static final int LONGEST_TEXT = 100_000;

  /** Any seed would do; a fixed one takes the same documents again. */
  private static final long SEED = 42;

  private TitledDocuments() {}

  /** A document with a title that tells something. */
  record Titled(String id, String title, String text) {}

  /** Takes documents at random until there are enough or their texts cost too much. */
  static List<Titled> sample(Directory directory, IndexManifest manifest, TextEmbedder embedder)
      throws IOException {
    DocumentFields fields = manifest.fields();
    List<Titled> sample = new ArrayList<>();
    if (fields.title() == null) {
      return sample;
    }
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      int[] docs = shuffled(documents(reader));
      StoredFields stored = reader.storedFields();
      long pieces = 0;
      for (int i = 0; i < Math.min(docs.length, LOOKED_AT); i++) {
        if (sample.size() == WeightTuner.QUESTIONS) {
          break;
        }
        Document document = stored.document(docs[i]);
        String title = fields.title(document);
        String text = fields.text(document);
        if (text.isBlank() || text.length() > LONGEST_TEXT || words(title) < LEAST_WORDS) {
          continue;
        }
        long more = embedder.wordPieces(text).size();
        if (sample.size() >= docs.length / 10 && pieces + more > WeightTuner.LEAST_PIECES) {
          break;
        }
        pieces += more;
        String id = document.get(fields.id());
        sample.add(new Titled(id == null ? "" : id, title, text));
      }
    }
    return sample;
  }

  /** The numbers of all live documents, without their passages. */
  private static int[] documents(DirectoryReader reader) throws IOException {
    IndexSearcher searcher = new IndexSearcher(reader);
    int[] docs = new int[searcher.count(IndexSchema.parents().getQuery())];
    Weight weight =
        searcher.createWeight(
            searcher.rewrite(IndexSchema.parents().getQuery()), ScoreMode.COMPLETE_NO_SCORES, 1);
    int count = 0;
    for (var leaf : reader.leaves()) {
      Scorer scorer = weight.scorer(leaf);
      Bits live = leaf.reader().getLiveDocs();
      DocIdSetIterator each = scorer == null ? DocIdSetIterator.empty() : scorer.iterator();
      while (each.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
        if (live == null || live.get(each.docID())) {
          docs[count] = leaf.docBase + each.docID();
          count++;
        }
      }
    }
    return docs;
  }

  private static int[] shuffled(int[] docs) {
    Random random = new Random(SEED);
    for (int i = docs.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = docs[i];
      docs[i] = docs[j];
      docs[j] = swapped;
    }
    return docs;
  }

  private static int words(String title) throws IOException {
    int words = 0;
    try (TokenStream tokens = IndexSchema.EXACT_ANALYZER.tokenStream(IndexSchema.EXACT, title)) {
      tokens.reset();
      while (words < LEAST_WORDS && tokens.incrementToken()) {
        words++;
      }
      if (words < LEAST_WORDS) {
        tokens.end();
      }
    }
    return words;
  }
}
