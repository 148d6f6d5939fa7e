package io.github.semblance.bench;

import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.evaluate.Topic;
import io.github.semblance.index.IndexManifest;
import io.github.semblance.index.IndexSchema;
import io.github.semblance.search.Candidate;
import io.github.semblance.search.FusedHit;
import io.github.semblance.search.Fusion;
import io.github.semblance.search.HybridQuery;
import io.github.semblance.search.LexicalQuery;
import io.github.semblance.search.SemanticQuery;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues.DocIndexIterator;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.IOUtils;
import org.apache.lucene.util.QueryBuilder;
import org.apache.lucene.util.VectorUtil;

/** Searches an index in all ways that give other candidates or other scores of them. */
final class FusionPool implements Closeable {
  /** How deep each leg is searched, as the default does. */
  static final int DEPTH = 100;

  private static final float TITLE_BOOST = 0.25f;

  /** The two best hits of the first search move the query by half of their mean. */
  private static final int FEEDBACK_HITS = 2;

  private static final float FEEDBACK_WEIGHT = 0.5f;

  private static final float PAIR_BOOST = 0.1f;

  /** A way to search. */
  enum Search {
    /** As the default does. */
    DEFAULT,
    /** Compares every vector instead of following the graph. */
    EXACT_VECTORS,
    /** Without words as they were written: BM25 over the catch-all field alone. */
    STEMS,
    /** Words as they were written weigh half. */
    EXACT_WORDS_HALF,
    /** Words as they were written weigh as much as stems. */
    EXACT_WORDS_WHOLE,
    /** Adjacent words of the query that are adjacent in the document add to the default. */
    PAIRS,
    /** BM25 as Anserini sets it. */
    BM25_ANSERINI,
    /** The title's BM25 added to that of the whole. */
    TITLE,
    /** Once more, with the query moved towards what was found first. */
    FEEDBACK
  }

  private final TextEmbedder embedder;
  private final Directory directory;
  private final DirectoryReader reader;
  private final IndexSearcher searcher;
  private final IndexSearcher anserini;
  private final Analyzer analyzer;
  private final String idField;
  private final Map<Integer, String> ids = new HashMap<>();

  FusionPool(Path index, TextEmbedder embedder) throws IOException {
    this.embedder = embedder;
    IndexManifest manifest = IndexManifest.read(index);
    this.directory = FSDirectory.open(index);
    this.reader = DirectoryReader.open(directory);
    this.searcher = new IndexSearcher(reader);
    this.anserini = new IndexSearcher(reader);
    this.anserini.setSimilarity(new BM25Similarity(0.9f, 0.4f));
    this.analyzer = manifest.newAnalyzer(embedder);
    this.idField = manifest.fields().id();
  }

  /**
   * Searches in every way.
   *
   * @return what either leg found
   */
  Map<Search, List<Candidate>> candidates(Topic topic) throws IOException {
    Query filter = filter(topic);
    float[] vector = embedder.embedQuery(topic.text()).vector();
    Query stems = words(analyzer, IndexSchema.CATCH_ALL, topic.text());
    Query exact = words(IndexSchema.EXACT_ANALYZER, IndexSchema.EXACT, topic.text());
    Query title = words(analyzer, IndexSchema.TITLE, topic.text());
    Query words = LexicalQuery.of(stems, exact);
    SemanticQuery meaning = meaning(vector, filter, DEPTH);
    HybridQuery hybrid = hybrid(words, meaning);
    List<Candidate> found = hybrid.candidates(searcher, 0);
    SemanticQuery moved = meaning(moved(vector, hybrid.search(searcher)), filter, DEPTH);
    // Lucene compares all vectors where no fewer are asked for than there are.
    SemanticQuery all = meaning(vector, filter, reader.maxDoc());
    Map<Search, List<Candidate>> byWay = new EnumMap<>(Search.class);
    byWay.put(Search.DEFAULT, found);
    byWay.put(Search.EXACT_VECTORS, best(hybrid(words, all).candidates(searcher, 0)));
    byWay.put(Search.BM25_ANSERINI, hybrid.candidates(anserini, 0));
    byWay.put(Search.FEEDBACK, hybrid(words, moved).candidates(searcher, 0));
    Map<Search, Query> otherWords =
        Map.of(
            Search.STEMS, stems,
            Search.EXACT_WORDS_HALF, sum(stems, exact, 0.5f),
            Search.EXACT_WORDS_WHOLE, sum(stems, exact, 1),
            Search.PAIRS, sum(words, pairs(topic.text()), PAIR_BOOST),
            Search.TITLE, sum(words, title, TITLE_BOOST));
    for (Map.Entry<Search, Query> other : otherWords.entrySet()) {
      byWay.put(other.getKey(), hybrid(other.getValue(), meaning).candidates(searcher, 0));
    }
    return byWay;
  }

  /** A topic cut to its rarest word, of those that any document has. */
  Topic rarestWord(Topic topic) throws IOException {
    String rarest = topic.text();
    int least = Integer.MAX_VALUE;
    for (String word : topic.text().split("[^\\p{L}\\p{N}-]+", -1)) {
      Set<Term> terms = new HashSet<>();
      words(analyzer, IndexSchema.CATCH_ALL, word).visit(QueryVisitor.termCollector(terms));
      for (Term term : terms) {
        int documents = reader.docFreq(term);
        if (documents > 0 && documents < least) {
          least = documents;
          rarest = word;
        }
      }
    }
    return new Topic(topic.id(), rarest, topic.filters());
  }

  /** The default. */
  Fusion fusion() {
    return Fusion.convex(embedder.model().cosineFloor());
  }

  float cosineFloor() {
    return embedder.model().cosineFloor();
  }

  /** The id of a found document. */
  String id(Candidate candidate) throws IOException {
    String id = ids.get(candidate.doc());
    if (id == null) {
      id = reader.storedFields().document(candidate.doc(), Set.of(idField)).get(idField);
      ids.put(candidate.doc(), id);
    }
    return id;
  }

  private HybridQuery hybrid(Query words, SemanticQuery meaning) {
    return new HybridQuery(words, meaning, fusion());
  }

  private static Query words(Analyzer analyzer, String field, String text) {
    Query query = new QueryBuilder(analyzer).createBooleanQuery(field, text);
    return query == null ? new MatchNoDocsQuery("no terms in the query") : query;
  }

  private Query pairs(String text) {
    BooleanQuery.Builder pairs = new BooleanQuery.Builder();
    if (new QueryBuilder(analyzer).createPhraseQuery(IndexSchema.CATCH_ALL, text)
        instanceof PhraseQuery whole) {
      Term[] terms = whole.getTerms();
      for (int i = 1; i < terms.length; i++) {
        if (whole.getPositions()[i] == whole.getPositions()[i - 1] + 1) {
          pairs.add(
              new PhraseQuery(IndexSchema.CATCH_ALL, terms[i - 1].bytes(), terms[i].bytes()),
              Occur.SHOULD);
        }
      }
    }
    return pairs.build();
  }

  private static Query sum(Query query, Query added, float weight) {
    return new BooleanQuery.Builder()
        .add(query, Occur.MUST)
        .add(new BoostQuery(added, weight), Occur.SHOULD)
        .build();
  }

  private static SemanticQuery meaning(float[] vector, Query filter, int k) {
    return new SemanticQuery(vector, k, filter, SemanticQuery.ANY_SIMILARITY);
  }

  private static Query filter(Topic topic) {
    BooleanQuery.Builder all =
        new BooleanQuery.Builder().add(IndexSchema.parents().getQuery(), Occur.FILTER);
    topic
        .filters()
        .forEach(
            (name, values) ->
                all.add(
                    new TermInSetQuery(
                        IndexSchema.keywordField(name),
                        values.stream().map(BytesRef::new).toList()),
                    Occur.FILTER));
    return all.build();
  }

  /** Of all documents those among the best of a leg. */
  private List<Candidate> best(List<Candidate> all) {
    return fusion().fuse(all, DEPTH).stream()
        .map(
            hit -> {
              Candidate of = hit.candidate();
              return new Candidate(
                  of.shard(),
                  of.doc(),
                  of.passage(),
                  of.bm25(),
                  of.bm25Limit(),
                  of.cosine(),
                  hit.lexicalRank() > 0,
                  hit.semanticRank() > 0);
            })
        .toList();
  }

  private float[] moved(float[] query, List<FusedHit> found) throws IOException {
    List<float[]> best = new ArrayList<>();
    for (FusedHit hit : found.subList(0, Math.min(FEEDBACK_HITS, found.size()))) {
      best.add(vector(hit.candidate().passage()));
    }
    float[] moved = query.clone();
    for (float[] vector : best) {
      for (int i = 0; i < moved.length; i++) {
        moved[i] += FEEDBACK_WEIGHT / best.size() * vector[i];
      }
    }
    return VectorUtil.l2normalize(moved);
  }

  private float[] vector(int passage) throws IOException {
    LeafReaderContext leaf = reader.leaves().get(ReaderUtil.subIndex(passage, reader.leaves()));
    FloatVectorValues vectors = leaf.reader().getFloatVectorValues(IndexSchema.VECTOR);
    DocIndexIterator at = vectors.iterator();
    at.advance(passage - leaf.docBase);
    return vectors.vectorValue(at.index()).clone();
  }

  @Override
  public void close() throws IOException {
    IOUtils.close(analyzer, reader, directory);
  }
}
