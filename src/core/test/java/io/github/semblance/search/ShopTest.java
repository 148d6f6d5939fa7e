package io.github.semblance.search;

import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.tests.analysis.MockAnalyzer;

/** Products with prices and dates: what a shop filters and sorts by. */
public class ShopTest extends IndexedTestCase {
  private record Product(String id, int price, String day, String brand) {
    SourceDocument document() {
      return new SourceDocument(
          id,
          "",
          "sea map " + "w1 ".repeat(Math.floorMod(price, 5)),
          Map.of(
              "price", List.of(Integer.toString(price)),
              "day", List.of(day),
              "brand", List.of(brand)));
    }
  }

  private final List<Product> products = new ArrayList<>();

  @Override
  public void setUp() throws Exception {
    super.setUp();
    for (int i = 0; i < 60; i++) {
      products.add(
          new Product(
              "p" + i,
              i * 37 % 101 - 20,
              String.format(Locale.ROOT, "2024-%02d-%02d", 1 + i % 12, 1 + i % 28),
              "brand" + i % 3));
    }
    List<SourceDocument> documents = new ArrayList<>();
    products.forEach(product -> documents.add(product.document()));
    documents.add(new SourceDocument("gone", "", "sea map", Map.of("price", List.of("sold out"))));
    documents.add(new SourceDocument("none", "", "sea map", Map.of()));
    index(documents.toArray(SourceDocument[]::new));
  }

  /** The searcher of the tests may be over a reader of many, which is no index. */
  private IndexSearcher unwrapped() {
    return searcher.getIndexReader() instanceof DirectoryReader
        ? searcher
        : new IndexSearcher(reader);
  }

  private SearchResults search(SearchRequest.Builder request) throws IOException {
    try (SemanticSearcher semantic =
        SemanticSearcher.over(unwrapped(), embedder, new MockAnalyzer(random()))) {
      return semantic.search(request.top(100).build());
    }
  }

  private List<String> ids(SearchRequest.Builder request) throws IOException {
    return search(request).hits().stream().map(Hit::id).toList();
  }

  private static List<SearchRequest.Builder> requests() {
    return List.of(
        SearchRequest.builder("sea map"),
        SearchRequest.builder("sea map").mode(SearchMode.SEMANTIC),
        SearchRequest.builder("sea map").mode(SearchMode.BM25),
        SearchRequest.syntax("sea"));
  }

  private void assertFinds(Predicate<Product> expected, SearchRequest.Builder request)
      throws IOException {
    assertEquals(
        products.stream().filter(expected).map(Product::id).sorted().toList(),
        ids(request).stream().sorted().toList());
  }

  public void testRanges() throws IOException {
    for (SearchRequest.Builder request : requests()) {
      assertFinds(p -> p.price() >= -5 && p.price() <= 30, request.range("price", "-5.5", "30"));
    }
    for (SearchRequest.Builder request : requests()) {
      assertFinds(p -> p.price() >= 60, request.range("price", "60", null));
    }
    for (SearchRequest.Builder request : requests()) {
      assertFinds(
          p -> p.day().compareTo("2024-02") >= 0 && p.day().compareTo("2024-03-99") <= 0,
          request.range("day", "2024-02", "2024-03"));
    }
    for (SearchRequest.Builder request : requests()) {
      assertFinds(
          p -> p.price() <= 30 && p.day().startsWith("2024") && p.brand().equals("brand1"),
          request.range("price", null, "30").range("day", "2024", null).filter("brand", "brand1"));
    }
  }

  public void testOrder() throws IOException {
    List<String> up =
        new ArrayList<>(
            products.stream()
                .sorted(Comparator.comparingInt(Product::price))
                .map(Product::id)
                .toList());
    List<String> down = new ArrayList<>(up.reversed());
    up.addAll(List.of("gone", "none"));
    down.addAll(List.of("gone", "none"));
    for (SearchRequest.Builder request : requests()) {
      assertEquals(up, ids(request.sort("price", false)));
    }
    for (SearchRequest.Builder request : requests()) {
      assertEquals(down, ids(request.sort("price", true)));
    }
    List<String> byBrand =
        products.stream()
            .sorted(
                Comparator.comparing(Product::brand)
                    .reversed()
                    .thenComparing(Product::day)
                    .thenComparingInt(Product::price))
            .map(Product::id)
            .toList();
    for (SearchRequest.Builder request : requests()) {
      request.sort("brand", true).sort("day", false).sort("price", false);
      assertEquals(byBrand, ids(request).subList(0, byBrand.size()));
    }
  }

  /** Pages of an order fit together, and each hit keeps its own score. */
  public void testOrderedPages() throws IOException {
    for (SearchRequest.Builder request : requests()) {
      SearchResults byScore = search(request);
      List<Hit> all = search(request.sort("price", false)).hits();
      assertEquals(byScore.total(), search(request).total());
      for (Hit hit : all) {
        for (Hit other : byScore.hits()) {
          if (hit.id().equals(other.id())) {
            assertEquals(other.score(), hit.score(), 0);
          }
        }
      }
      try (SemanticSearcher semantic =
          SemanticSearcher.over(unwrapped(), embedder, new MockAnalyzer(random()))) {
        List<Hit> page = semantic.search(request.from(5).top(3).build()).hits();
        assertEquals(
            all.subList(5, 8).stream().map(Hit::id).toList(), page.stream().map(Hit::id).toList());
      }
    }
  }

  public void testEqualValuesAreOrderedByScore() throws IOException {
    for (SearchRequest.Builder request : requests()) {
      List<Hit> hits = search(request.sort("brand", false)).hits();
      for (int i = 1; i < hits.size(); i++) {
        if (hits.get(i).fields().equals(hits.get(i - 1).fields())) {
          assertTrue(hits.get(i).score() <= hits.get(i - 1).score());
        }
      }
    }
  }

  public void testTellsFiltersThatNoDocumentPasses() throws IOException {
    for (SearchRequest.Builder request : requests()) {
      assertTrue(search(request.range("price", "1000", null)).emptyFilter());
    }
    for (SearchRequest.Builder request : requests()) {
      assertTrue(search(request.filter("brand", "brand9")).emptyFilter());
    }
    for (SearchRequest.Builder request : requests()) {
      // Each has documents, none has both.
      assertTrue(search(request.filter("id", "p1").filter("brand", "brand2")).emptyFilter());
    }
    for (SearchRequest.Builder request : requests()) {
      assertFalse(search(request.filter("brand", "brand1")).emptyFilter());
    }
    SearchResults nothing =
        search(SearchRequest.builder("w9").mode(SearchMode.BM25).filter("brand", "brand1"));
    assertEquals(0, nothing.total().value());
    assertFalse(nothing.emptyFilter());
    assertFalse(search(SearchRequest.syntax("w9")).emptyFilter());
  }

  public void testNearestToARange() throws IOException {
    try (SemanticSearcher semantic =
        SemanticSearcher.over(unwrapped(), embedder, new MockAnalyzer(random()))) {
      KeywordValues values = semantic.keywordValues();
      int most = products.stream().mapToInt(Product::price).max().orElseThrow();
      ComparableRange above = ComparableRange.including("1000", null);
      assertEquals(List.of("" + most), values.nearestTo(above, "price", 1));
      assertEquals(1000 - most, above.distance("" + most), 0);
      assertEquals(Double.POSITIVE_INFINITY, above.distance("sold out"), 0);
      ComparableRange before = ComparableRange.including(null, "2023");
      assertEquals(List.of("2024-01-01"), values.nearestTo(before, "day", 1));
      assertEquals(0, ComparableRange.including("2024", "2024").distance("2024-12-31"), 0);
      assertTrue(before.distance("2024-01-01") > 0);
      assertEquals(List.of(), values.nearestTo(above, "brand", 1));
    }
  }

  public void testWhatCannotBeCompared() throws IOException {
    assertRefused(
        "the range of field \"price\" must have ends that are numbers or ISO dates, got: cheap..",
        () -> SearchRequest.builder("sea").range("price", "cheap", null));
    assertRefused(
        "the range of field \"day\" must have ends that are numbers or ISO dates, got: ..2024-13",
        () -> SearchRequest.builder("sea").range("day", null, "2024-13"));
    assertRefused(
        "the range of field \"price\" must not end before it begins, got: 30..-4.5",
        () -> SearchRequest.builder("sea").range("price", "30", "-4.5"));
    assertRefused(
        "the range of field \"day\" must not end before it begins, got: 2024-03-01..2024-02",
        () -> SearchRequest.builder("sea").range("day", "2024-03-01", "2024-02"));
    assertRefused(
        "field \"price\" must have one range at most; give both ends at once",
        () -> SearchRequest.builder("sea").range("price", "1", null).range("price", null, "2"));
    assertRefused(
        "no document has a number in field \"brand\" to compare with 1",
        () -> search(SearchRequest.builder("sea").range("brand", "1", null)));
    assertRefused(
        "no document has a date in field \"price\" to compare with 2024-01-01",
        () -> search(SearchRequest.builder("sea").range("price", "2024-01-01", null)));
    assertRefused(
        "no field \"colour\" to filter by; this index has: brand, day, id, price",
        () -> search(SearchRequest.builder("sea").range("colour", "1", null)));
    assertRefused(
        "no field \"colour\" to sort by; this index has: brand, day, id, price",
        () -> search(SearchRequest.builder("sea").sort("colour", false)));
  }

  private static void assertRefused(String message, ThrowingRunnable action) {
    assertEquals(message, expectThrows(SearchRequestException.class, action).getMessage());
  }
}
