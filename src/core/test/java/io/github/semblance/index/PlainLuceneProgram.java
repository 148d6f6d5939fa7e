package io.github.semblance.index;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.QueryBuilder;

/** A program that has nothing but Lucene: {@link PlainLuceneTest} runs it so. */
final class PlainLuceneProgram {
  private PlainLuceneProgram() {}

  /**
   * Prints the ids of the documents that hold a word, then those whose passages are nearest to a
   * vector.
   *
   * @param arguments the index folder, the word, and the vector's values
   */
  public static void main(String[] arguments) throws IOException {
    float[] vector = new float[arguments.length - 2];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = Float.parseFloat(arguments[i + 2]);
    }
    try (FSDirectory directory = FSDirectory.open(Path.of(arguments[0]));
        DirectoryReader reader = DirectoryReader.open(directory);
        EnglishAnalyzer analyzer = new EnglishAnalyzer()) {
      print(reader, new QueryBuilder(analyzer).createBooleanQuery("_all", arguments[1]));
      print(reader, new KnnFloatVectorQuery("_vector", vector, 3));
    }
  }

  private static void print(DirectoryReader reader, Query query) throws IOException {
    StringBuilder ids = new StringBuilder();
    for (ScoreDoc hit : new IndexSearcher(reader).search(query, 3).scoreDocs) {
      int document = hit.doc;
      while (reader.storedFields().document(document).get("id") == null) {
        document++; // a document stands after its passages
      }
      ids.append(' ').append(reader.storedFields().document(document).get("id"));
    }
    System.out.println(ids.toString().strip());
  }
}
