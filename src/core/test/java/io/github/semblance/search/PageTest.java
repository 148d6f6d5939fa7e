package io.github.semblance.search;

import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.tests.analysis.MockAnalyzer;

/** A shop's search page: pages, facets, order and groups of what is found. */
public class PageTest extends IndexedTestCase {
  private static final List<String> SHELVES = List.of("maps", "novels", "poems");

  /** The searcher of the tests may be over a reader of many, which is no index. */
  private IndexSearcher unwrapped() {
    return searcher.getIndexReader() instanceof DirectoryReader
        ? searcher
        : new IndexSearcher(reader);
  }

  private SearchResults search(SearchRequest.Builder request) throws IOException {
    try (SemanticSearcher semantic =
        SemanticSearcher.over(unwrapped(), embedder, new MockAnalyzer(random()))) {
      SearchResults results = semantic.search(request.build());
      assertEquals(
          ids(results), semantic.rank(request.build()).stream().map(ScoredId::id).toList());
      return results;
    }
  }

  private static List<String> ids(SearchResults results) {
    return results.hits().stream().map(Hit::id).toList();
  }

  private static SourceDocument book(int number, String text, Map<String, List<String>> keywords) {
    return new SourceDocument("b" + number, "", text, keywords);
  }

  private static SearchRequest.Builder request(SearchMode mode) {
    return SearchRequest.builder("sea storm").mode(mode);
  }

  /** Of each book, the sea is further away from the middle of the text. */
  private void indexBooks(int books) throws IOException {
    List<SourceDocument> all = new ArrayList<>();
    for (int i = 0; i < books; i++) {
      String text = "sea " + (i % 2 == 0 ? "storm " : "") + ("w" + i % 7 + " ").repeat(i % 5);
      all.add(book(i, text, Map.of("shelf", List.of(SHELVES.get(i % 4 == 3 ? 0 : i % 3)))));
    }
    index(all.toArray(SourceDocument[]::new));
  }

  public void testPagesFitTogether() throws IOException {
    indexBooks(40);
    for (SearchMode mode : SearchMode.values()) {
      List<String> all = ids(search(request(mode).top(40)));
      assertEquals(40, all.size());
      List<String> paged = new ArrayList<>();
      for (int from = 0; from < 40; from += 7) {
        SearchResults page = search(request(mode).from(from).top(7));
        if (!page.hits().isEmpty()) {
          assertEquals(from + 1, page.hits().getFirst().rank());
        }
        assertEquals(40, page.total().value());
        paged.addAll(ids(page));
      }
      assertEquals(mode.name(), all, paged);
      assertEquals(List.of(), ids(search(request(mode).from(40))));
      assertEquals(List.of(), ids(search(request(mode).from(1_000_000))));
    }
  }

  public void testFacetsCountAllThatIsFound() throws IOException {
    indexBooks(60);
    Map<String, Long> shelves = new TreeMap<>();
    Map<String, Long> storms = new TreeMap<>();
    for (int i = 0; i < 60; i++) {
      String shelf = SHELVES.get(i % 4 == 3 ? 0 : i % 3);
      shelves.merge(shelf, 1L, Long::sum);
      if (i % 2 == 0) {
        storms.merge(shelf, 1L, Long::sum);
      }
    }
    for (SearchMode mode : SearchMode.values()) {
      SearchResults results = search(request(mode).top(1).facet("shelf", 10));
      assertEquals(mode.name(), shelves, counts(results, "shelf"));
    }
    SearchRequest.Builder syntax = SearchRequest.syntax("+storm ~\"sea\"").top(1);
    assertEquals(storms, counts(search(syntax.facet("shelf", 10)), "shelf"));
    SearchResults filtered =
        search(request(SearchMode.BM25).filter("shelf", "maps").facet("shelf", 10));
    assertEquals(Map.of("maps", shelves.get("maps")), counts(filtered, "shelf"));
  }

  private static Map<String, Long> counts(SearchResults results, String field) {
    Map<String, Long> counts = new HashMap<>();
    results.facets().getOrDefault(field, List.of()).forEach(c -> counts.put(c.value(), c.count()));
    return counts;
  }

  public void testTheMostFrequentValuesComeFirst() throws IOException {
    index(
        book(1, "sea", Map.of("tag", List.of("b", "a"))),
        book(2, "sea", Map.of("tag", List.of("b", "c"), "year", List.of("1999"))),
        book(3, "land", Map.of("tag", List.of("c", "d"))));
    SearchResults results =
        search(request(SearchMode.BM25).facet("tag", 2).facet("year", 5).facet("id", 1));
    assertEquals(
        List.of(new FacetCount("b", 2), new FacetCount("a", 1)), results.facets().get("tag"));
    assertEquals(List.of(new FacetCount("1999", 1)), results.facets().get("year"));
    assertEquals(List.of(new FacetCount("b1", 1)), results.facets().get("id"));
  }

  /** Of each shelf the first hit of the whole ranking, whatever the mode. */
  public void testGroupsHaveTheirBestHit() throws IOException {
    indexBooks(60);
    List<SearchRequest.Builder> requests = new ArrayList<>();
    for (SearchMode mode : SearchMode.values()) {
      requests.add(request(mode));
    }
    requests.add(SearchRequest.syntax("sea ~\"storm\""));
    for (SearchRequest.Builder request : requests) {
      SearchResults all = search(request.top(60).facet("shelf", 9));
      Map<String, Hit> best = new LinkedHashMap<>();
      all.hits().forEach(hit -> best.putIfAbsent(shelf(hit), hit));
      SearchResults grouped = search(request.groupBy("shelf"));
      assertEquals(all.total(), grouped.total());
      assertEquals(all.facets(), grouped.facets());
      assertEquals(best.values().stream().map(Hit::id).toList(), ids(grouped));
      Map<String, Long> counts = counts(all, "shelf");
      for (Hit hit : grouped.hits()) {
        Hit.Group group = Objects.requireNonNull(hit.group());
        String shelf = shelf(hit);
        assertEquals(shelf, group.value());
        assertEquals(counts.get(shelf), (Long) group.count());
        assertEquals(Objects.requireNonNull(best.get(shelf)).score(), hit.score(), 0);
      }
      assertEquals(ids(grouped).subList(1, 3), ids(search(request.from(1).top(5))));
    }
  }

  private static String shelf(Hit hit) {
    return hit.fields().getOrDefault("shelf", List.of()).getFirst();
  }

  public void testDocumentsWithoutAValueAreAGroup() throws IOException {
    index(
        book(1, "sea", Map.of("tag", List.of("b", "a"))),
        book(2, "sea sea", Map.of("tag", List.of("a"))),
        book(3, "sea storm", Map.of()),
        book(4, "sea", Map.of()));
    for (SearchMode mode : SearchMode.values()) {
      Map<String, Long> groups = new HashMap<>();
      for (Hit hit : search(request(mode).groupBy("tag")).hits()) {
        Hit.Group group = Objects.requireNonNull(hit.group());
        groups.put("" + group.value(), group.count());
      }
      assertEquals(mode.name(), Map.of("a", 2L, "null", 2L), groups);
    }
  }

  public void testNearDuplicatesDoNotFillThePage() throws IOException {
    List<SourceDocument> books = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      books.add(book(i, "sea storm w1 w2 w3", Map.of()));
    }
    books.add(book(20, "sea storm w9 w8", Map.of()));
    books.add(book(21, "storm sea w7 w6", Map.of()));
    index(books.toArray(SourceDocument[]::new));
    SearchRequest.Builder request =
        SearchRequest.builder("sea storm w1 w2").mode(SearchMode.SEMANTIC).top(3);
    assertFalse(ids(search(request)).contains("b20"));
    SearchResults varied = search(request.diversity(0.5f));
    assertEquals(Set.of("b20", "b21"), Set.copyOf(ids(varied).subList(1, 3)));
    assertEquals(22, varied.total().value());
    List<String> whole = ids(search(request.top(22)));
    assertEquals(22, Set.copyOf(whole).size());
    List<String> paged = new ArrayList<>();
    for (int from = 0; from < 22; from += 4) {
      paged.addAll(ids(search(request.from(from).top(4))));
    }
    assertEquals(whole, paged);
  }

  public void testStepsThatExcludeEachOther() {
    for (SearchRequest.Builder request :
        List.of(
            SearchRequest.builder("q").sort("shelf", false).groupBy("shelf"),
            SearchRequest.builder("q").sort("shelf", false).diversity(0.5f),
            SearchRequest.builder("q").mode(SearchMode.BM25).diversity(0.5f),
            SearchRequest.syntax("q").diversity(0.5f),
            SearchRequest.builder("q").diversity(1.5f))) {
      expectThrows(SearchRequestException.class, request::build);
    }
  }

  public void testFieldsThatCannotBeCounted() throws IOException {
    indexBooks(3);
    SearchRequestException refused =
        expectThrows(
            SearchRequestException.class,
            () -> search(request(SearchMode.HYBRID).facet("colour", 3)));
    assertEquals(
        "no field \"colour\" to facet by; this index has: id, shelf", refused.getMessage());
  }

  public void testAnEmptyIndexHasNoFacets() throws IOException {
    index();
    SearchResults results = search(request(SearchMode.HYBRID).facet("shelf", 3).from(2));
    assertEquals(Map.of("shelf", List.of()), results.facets());
    assertEquals(0, results.total().value());
  }

  /** An application's threads count parts of an index at once. */
  public void testThreadsCountTogether() throws IOException {
    indexBooks(200);
    Map<String, Long> alone = counts(search(request(SearchMode.BM25).facet("shelf", 9)), "shelf");
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      searcher = new IndexSearcher(reader, threads);
      assertEquals(alone, counts(search(request(SearchMode.BM25).facet("shelf", 9)), "shelf"));
    }
  }
}
