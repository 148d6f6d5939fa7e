package io.github.semblance.search;

import io.github.semblance.embed.PassageScorer;
import io.github.semblance.embed.Relevance;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.index.QueryTimeout;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TotalHits;

public class TimeLimitTest extends IndexedTestCase {
  private final Analyzer analyzer = new StandardAnalyzer();

  /** Time that is up at the n-th look at the clock. */
  private static final class Countdown implements QueryTimeout {
    private final int looks;
    private final AtomicInteger looked = new AtomicInteger();

    Countdown(int looks) {
      this.looks = looks;
    }

    @Override
    public boolean shouldExit() {
      return looked.incrementAndGet() >= looks;
    }

    boolean isOver() {
      return looked.get() >= looks;
    }
  }

  /** Finds all passages equally good. */
  private record Indifferent() implements PassageScorer {
    @Override
    public String name() {
      return "indifferent";
    }

    @Override
    public List<Relevance> score(String query, List<String> passages) {
      return Collections.nCopies(passages.size(), new Relevance(0, 0));
    }

    @Override
    public void close() {}
  }

  private SemanticSearcher semantic() throws IOException {
    IndexSearcher plain = newSearcher(reader, false); // a wrapped reader tells of no commit
    plain.setTimeout(searcher.getTimeout());
    return SemanticSearcher.over(plain, embedder, analyzer);
  }

  private static List<SearchRequest> requests() {
    String words = words(3);
    return List.of(
        SearchRequest.builder(words).mode(SearchMode.BM25).top(200).build(),
        SearchRequest.builder(words).mode(SearchMode.SEMANTIC).filter("color", "red").build(),
        SearchRequest.builder(words).explain(true).build(),
        SearchRequest.builder(words).filter("color", "red").top(200).build(),
        SearchRequest.builder(words).rerank(Rerank.with(new Indifferent())).build(),
        SearchRequest.syntax("w1 ~\"" + words + "\"").build(),
        SearchRequest.syntax("w1* w2~ /w[34]/").mode(SearchMode.BM25).build());
  }

  /** However soon it ends, a search gives part of the answer and says so, or all of it. */
  public void testCancelledAtEachLook() throws IOException {
    index(300);
    for (SearchRequest request : requests()) {
      SearchResults all = semantic().search(request);
      assertFalse(all.timedOut());
      int limit = 1;
      for (boolean complete = false; !complete; limit += 1 + limit / 8) {
        Countdown countdown = new Countdown(limit);
        SearchResults part = semantic().search(request, countdown);
        complete = !part.timedOut();
        assertEquals(request + " " + limit, countdown.isOver(), part.timedOut());
        if (complete) {
          assertEquals(request.toString(), ids(all), ids(part));
          assertEquals(all.total(), part.total());
        } else {
          assertEquals(TotalHits.Relation.GREATER_THAN_OR_EQUAL_TO, part.total().relation());
          assertTrue(part.total().value() <= Math.max(all.total().value(), part.hits().size()));
        }
      }
      assertTrue("looks at the clock: " + limit, limit > 2);
    }
  }

  private static List<String> ids(SearchResults results) {
    return results.hits().stream().map(Hit::id).toList();
  }

  /** An application's own timeout reaches what queries do in their rewrite. */
  public void testTimeoutOfOnesOwnSearcher() throws Exception {
    index(300);
    SemanticQuery meaning = new SemanticQuery(vector(words(3)), 10, color("red"), 0);
    List<Query> queries =
        List.of(
            meaning,
            new HybridQuery(anyOf("w1", "w2"), meaning, Fusion.convex(0)),
            new HybridQuery(anyOf("nosuch"), meaning, Fusion.convex(0)),
            new SemanticQueryParser(reader, analyzer, embedder).parse("+w1 ~\"w2 w3\""));
    for (Query query : queries) {
      TopDocs all = new IndexSearcher(reader).search(query, 1000);
      boolean complete = false;
      for (int looks = 1; !complete; looks += 1 + looks / 8) {
        IndexSearcher own = new IndexSearcher(reader);
        Countdown countdown = new Countdown(looks);
        own.setTimeout(countdown);
        TopDocs part = own.search(query, 1000);
        complete = !countdown.isOver();
        if (complete) {
          assertEquals(docs(all), docs(part));
        } else if (all.scoreDocs.length > 0) {
          assertTrue(query + " " + looks, own.timedOut() || docs(part).equals(docs(all)));
        }
      }
    }
  }

  private static Set<Integer> docs(TopDocs found) {
    return new HashSet<>(Arrays.stream(found.scoreDocs).map((ScoreDoc hit) -> hit.doc).toList());
  }

  public void testTimeoutOfTheSearcherIsTold() throws IOException {
    index(50);
    searcher.setTimeout(() -> true);
    SearchResults results = semantic().search(SearchRequest.builder("w1").build());
    assertTrue(results.timedOut());
    assertEquals(List.of(), results.hits());
    assertTrue(semantic().search(SearchRequest.like("1").build()).timedOut());
    SearchRequestException e =
        expectThrows(
            SearchRequestException.class, () -> SemanticQuery.moreLike(searcher, "1", 3, null, 0));
    assertTrue(e.toString(), e.toString().contains("time was up"));
  }

  public void testTimeLimit() throws IOException {
    index(50);
    SearchRequest.Builder request = SearchRequest.builder("w1 w2");
    List<String> all = ids(semantic().search(request.build()));
    SearchResults none = semantic().search(request.timeLimit(Duration.ofNanos(1)).build());
    assertTrue(none.timedOut());
    for (Duration enough : List.of(Duration.ofDays(1), Duration.ofSeconds(Long.MAX_VALUE))) {
      SearchResults results = semantic().search(request.timeLimit(enough).build());
      assertFalse(results.timedOut());
      assertEquals(all, ids(results));
    }
    SearchRequestException e =
        expectThrows(
            SearchRequestException.class,
            () -> semantic().rank(request.timeLimit(Duration.ofNanos(1)).build()));
    assertTrue(e.toString(), e.toString().contains("PT0.000000001S"));
    for (Duration wrong : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
      e = expectThrows(SearchRequestException.class, () -> request.timeLimit(wrong).build());
      assertTrue(e.toString(), e.toString().contains("more than 0, got: " + wrong));
    }
  }

  /** With the searcher's own threads, as without. */
  public void testSearcherWithThreads() throws IOException {
    index(300);
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      searcher = new IndexSearcher(reader, threads);
      for (SearchRequest request : requests()) {
        List<String> all = ids(semantic().search(request));
        SearchResults results = semantic().search(request, () -> false);
        assertFalse(results.timedOut());
        assertEquals(all, ids(results));
        assertTrue(semantic().search(request, new Countdown(3)).timedOut());
      }
    }
  }
}
