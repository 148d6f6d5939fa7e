package io.github.semblance.evaluate;

import io.github.semblance.analysis.NamedAnalyzer;
import io.github.semblance.corpus.CorpusReader;
import io.github.semblance.corpus.CorpusRecord;
import io.github.semblance.corpus.FieldMapping;
import io.github.semblance.index.SourceDocument;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
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
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.util.QueryBuilder;

/** Reading, analysis and measures together give the figures that others published for BM25. */
public class PublishedBm25Test extends LuceneTestCase {
  private static final Path SCIFACT = Path.of("../shared/data/scifact");

  /**
   * Anserini's regression "BEIR (v1.0.0) SciFact, flat": title and text in one field, k1 0.9, b
   * 0.4, nDCG@10 0.6789 and recall@100 0.9253 by trec_eval.
   */
  public void testScifact() throws Exception {
    assumeTrue("SciFact is not in " + SCIFACT.toAbsolutePath().normalize(), Files.exists(SCIFACT));
    TestCollection scifact =
        TestCollection.read(SCIFACT.resolve("queries.jsonl"), SCIFACT.resolve("qrels/test.tsv"));
    assertEquals(300, scifact.topics().size());
    TrecRun run = search(scifact);
    assertEquals(
        0.6789, TopicScores.of(RankingMetric.ndcg(10), run, scifact.judgements()).mean(), 5e-5);
    assertEquals(
        0.9253, TopicScores.of(RankingMetric.recall(100), run, scifact.judgements()).mean(), 5e-5);
  }

  private static TrecRun search(TestCollection collection) throws Exception {
    Map<String, List<TrecRun.Answer>> answers = new LinkedHashMap<>();
    try (Analyzer analyzer = NamedAnalyzer.ENGLISH.create();
        Directory directory = new ByteBuffersDirectory()) {
      index(directory, analyzer);
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        IndexSearcher searcher = new IndexSearcher(reader);
        searcher.setSimilarity(new BM25Similarity(0.9f, 0.4f));
        for (Topic topic : collection.topics()) {
          Query query = new QueryBuilder(analyzer).createBooleanQuery("contents", topic.text());
          List<TrecRun.Answer> found = new ArrayList<>();
          for (ScoreDoc hit : searcher.search(query, 100).scoreDocs) {
            String id = searcher.storedFields().document(hit.doc).get("id");
            found.add(new TrecRun.Answer(id, hit.score));
          }
          answers.put(topic.id(), found);
        }
      }
    }
    return new TrecRun("bm25", answers);
  }

  private static void index(Directory directory, Analyzer analyzer) throws Exception {
    try (CorpusReader corpus =
            CorpusReader.open(List.of(SCIFACT.toString()), FieldMapping.DEFAULT);
        IndexWriter writer =
            new IndexWriter(
                directory,
                new IndexWriterConfig(analyzer).setSimilarity(new BM25Similarity(0.9f, 0.4f)))) {
      while (corpus.hasNext()) {
        if (corpus.next() instanceof CorpusRecord.Document read) {
          SourceDocument source = read.document();
          Document document = new Document();
          document.add(new StringField("id", source.id(), Field.Store.YES));
          String contents = source.title() + "\n" + source.text();
          document.add(new TextField("contents", contents, Field.Store.NO));
          writer.addDocument(document);
        }
      }
    }
  }
}
