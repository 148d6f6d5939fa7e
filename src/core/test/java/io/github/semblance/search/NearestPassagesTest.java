package io.github.semblance.search;

import io.github.semblance.index.IndexSchema;
import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FilterDirectoryReader;
import org.apache.lucene.index.FilterLeafReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.jspecify.annotations.Nullable;

/** Which way is taken: through the graph, or past all that a filter allows. */
public class NearestPassagesTest extends IndexedTestCase {
  public void testComparesOneByOneWhatTheGraphWouldNotFindSooner() throws IOException {
    SourceDocument[] documents = new SourceDocument[2_000];
    for (int i = 0; i < documents.length; i++) {
      Map<String, List<String>> tag = Map.of("tag", List.of(i % 5 == 0 ? "fifth" : "rest"));
      documents[i] = new SourceDocument(Integer.toString(i), "", words(1 + i % 5), tag);
    }
    index(documents);
    writer.forceMerge(1);
    reader.close();
    AtomicInteger walks = new AtomicInteger();
    reader = new CountingReader(DirectoryReader.open(writer), walks);
    searcher = new IndexSearcher(reader);
    float[] vector = vector(words(3));

    // The best hundred of 2,000 take 760 looks, as Lucene expects: with a fifth allowed 3,800.
    Map<Integer, Float> expected = allCosines(vector);
    expected.keySet().retainAll(allScores(tag("fifth")).keySet());
    expected.keySet().retainAll(ranked(expected).subList(0, 10));
    assertEquals(expected, search(vector, tag("fifth")));
    assertEquals("400 are compared", 0, walks.get());

    search(vector, tag("rest"));
    assertEquals("of 1,600 the graph looks at 950", 1, walks.get());
    search(vector, null);
    assertEquals("of all at 760", 2, walks.get());
  }

  private static Query tag(String tag) {
    return new TermQuery(new Term("tag", tag));
  }

  private Map<Integer, Float> search(float[] vector, @Nullable Query filter) throws IOException {
    return new SemanticQuery(vector, 10, filter, SemanticQuery.ANY_SIMILARITY)
        .search(searcher).stream()
            .collect(Collectors.toMap(ClosestPassage::doc, ClosestPassage::cosine));
  }

  /** Counts the walks through graphs of vectors. */
  private static final class CountingReader extends FilterDirectoryReader {
    private final AtomicInteger walks;

    CountingReader(DirectoryReader in, AtomicInteger walks) throws IOException {
      super(
          in,
          new SubReaderWrapper() {
            @Override
            public LeafReader wrap(LeafReader leaf) {
              return new CountingLeaf(leaf, walks);
            }
          });
      this.walks = walks;
    }

    @Override
    protected DirectoryReader doWrapDirectoryReader(DirectoryReader in) throws IOException {
      return new CountingReader(in, walks);
    }

    @Override
    public IndexReader.CacheHelper getReaderCacheHelper() {
      return in.getReaderCacheHelper();
    }
  }

  private static final class CountingLeaf extends FilterLeafReader {
    private final AtomicInteger walks;

    CountingLeaf(LeafReader in, AtomicInteger walks) {
      super(in);
      this.walks = walks;
    }

    @Override
    public void searchNearestVectors(
        String field, float[] target, KnnCollector collector, AcceptDocs allowed)
        throws IOException {
      if (field.equals(IndexSchema.VECTOR)) {
        walks.incrementAndGet();
      }
      super.searchNearestVectors(field, target, collector, allowed);
    }

    @Override
    public CacheHelper getCoreCacheHelper() {
      return in.getCoreCacheHelper();
    }

    @Override
    public CacheHelper getReaderCacheHelper() {
      return in.getReaderCacheHelper();
    }
  }
}
