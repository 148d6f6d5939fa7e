package io.github.semblance.store;

import com.carrotsearch.randomizedtesting.generators.RandomPicks;
import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.index.EmbeddedDocument;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.search.SearchRequestException;
import io.github.semblance.store.MetadataFilter.Order;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.lucene.tests.util.LuceneTestCase;

/** Filters find what looking at every document finds. */
@LuceneTestCase.SuppressFileSystems("ExtrasFS") // no index is made among other files
public final class MetadataFilterTest extends LuceneTestCase {
  private static final String[] KEYS = {"a", "b", "_c"};

  private static final Object[] VALUES = {
    "",
    "a",
    "b",
    "ab*",
    "a?b",
    "\\",
    "true",
    true,
    false,
    new UUID(1, 2),
    new UUID(1, 2).toString(),
    0,
    -0.0,
    0.0f,
    1,
    1L,
    1.0,
    1.5,
    1.5f,
    -1,
    0.1,
    0.1f,
    Integer.MAX_VALUE,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    9007199254740992L,
    9007199254740993L,
    9007199254740992.0,
    1e300,
    -1e300,
    Double.MAX_VALUE,
    Double.MIN_VALUE,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Double.NaN,
    (double) Long.MAX_VALUE,
    Float.MAX_VALUE
  };

  private final BagOfWordsEmbedder embedder = new BagOfWordsEmbedder(4, 16);

  public void testAgainstLookingAtEveryDocument() throws IOException {
    float[] vector = embedder.embedQuery("x").vector();
    Map<String, Map<String, Object>> documents = new TreeMap<>();
    for (Object value : VALUES) {
      documents.put("all " + documents.size(), Map.of("a", value, "b", "x", "_c", 1));
    }
    for (int i = 0; i < 100; i++) {
      Map<String, Object> metadata = new TreeMap<>();
      for (String key : KEYS) {
        if (random().nextBoolean()) {
          metadata.put(key, rarely() ? List.of(string(), string()) : value());
        }
      }
      documents.put("random " + i, metadata);
    }
    documents.put("b", Map.of("a", 1, "b", 1, "_c", "word")); // each key holds both kinds
    try (DocumentStore store =
        DocumentStore.open(createTempDir(), embedder, new SemanticIndexWriterConfig())) {
      List<EmbeddedDocument> written = new ArrayList<>();
      documents.forEach((id, data) -> written.add(new EmbeddedDocument(id, "x", data, vector)));
      store.update(written);
      for (int i = 0; i < 300; i++) {
        MetadataFilter filter = filter(3);
        List<String> expected =
            documents.entrySet().stream()
                .filter(document -> test(filter, document.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        List<String> found =
            store.nearest(vector, 1000, filter, 0).stream().map(StoredMatch::id).sorted().toList();
        assertEquals(filter.toString(), expected, found);
      }
    }
  }

  private static Object value() {
    return VALUES[random().nextInt(VALUES.length)];
  }

  private static String string() {
    return only(String.class);
  }

  private static <T> T only(Class<T> type) {
    while (true) {
      Object value = value();
      if (type.isInstance(value)) {
        return type.cast(value);
      }
    }
  }

  private static MetadataFilter filter(int depth) {
    String key = KEYS[random().nextInt(KEYS.length)];
    Supplier<MetadataFilter> part = () -> filter(depth - 1);
    return switch (random().nextInt(depth > 0 ? 8 : 5)) {
      case 0 -> MetadataFilter.equal(key, value());
      case 1 -> new MetadataFilter.In(key, List.of(value(), value(), value()));
      case 2, 3 ->
          new MetadataFilter.Compared(
              key,
              RandomPicks.randomFrom(random(), Order.values()),
              random().nextBoolean() ? only(Number.class) : string());
      case 4 ->
          random().nextBoolean()
              ? new MetadataFilter.Contains(key, string())
              : new MetadataFilter.Exists(key);
      case 5 -> new MetadataFilter.And(List.of(part.get(), part.get()));
      case 6 -> new MetadataFilter.Or(List.of(part.get(), part.get()));
      default -> new MetadataFilter.Not(part.get());
    };
  }

  private static boolean test(MetadataFilter filter, Map<String, Object> metadata) {
    return switch (filter) {
      case MetadataFilter.And and -> and.all().stream().allMatch(one -> test(one, metadata));
      case MetadataFilter.Or or -> or.any().stream().anyMatch(one -> test(one, metadata));
      case MetadataFilter.Not not -> !test(not.filter(), metadata);
      case MetadataFilter.In in ->
          values(metadata, in.key()).stream()
              .anyMatch(value -> in.values().stream().anyMatch(other -> isEqual(value, other)));
      case MetadataFilter.Compared compared ->
          values(metadata, compared.key()).stream()
              .anyMatch(value -> stands(value, compared.order(), compared.bound()));
      case MetadataFilter.Contains contains ->
          values(metadata, contains.key()).stream()
              .anyMatch(
                  value ->
                      !(value instanceof Number) && value.toString().contains(contains.part()));
      case MetadataFilter.Exists exists -> metadata.containsKey(exists.key());
    };
  }

  private static List<?> values(Map<String, Object> metadata, String key) {
    Object value = metadata.get(key);
    return value == null ? List.of() : value instanceof List<?> list ? list : List.of(value);
  }

  private static boolean isEqual(Object a, Object b) {
    if (a instanceof Number && b instanceof Number) {
      return stands(a, Order.LESS_OR_EQUAL, b) && stands(a, Order.GREATER_OR_EQUAL, b);
    }
    return !(a instanceof Number) && !(b instanceof Number) && a.toString().equals(b.toString());
  }

  private static boolean stands(Object a, Order order, Object b) {
    int comparison;
    if (a instanceof Number x && b instanceof Number y) {
      double left = x.doubleValue();
      double right = y.doubleValue();
      if (Double.isNaN(left) || Double.isNaN(right)) {
        return false;
      }
      comparison =
          Double.isInfinite(left) || Double.isInfinite(right)
              ? Double.compare(left, right)
              : new BigDecimal(x.toString()).compareTo(new BigDecimal(y.toString()));
    } else if (a instanceof Number || b instanceof Number) {
      return false;
    } else {
      comparison = a.toString().compareTo(b.toString());
    }
    return switch (order) {
      case LESS -> comparison < 0;
      case LESS_OR_EQUAL -> comparison <= 0;
      case GREATER -> comparison > 0;
      case GREATER_OR_EQUAL -> comparison >= 0;
    };
  }

  public void testWhatCannotBeAnsweredIsRefused() throws IOException {
    float[] vector = embedder.embedQuery("x").vector();
    try (DocumentStore store =
        DocumentStore.open(createTempDir(), embedder, new SemanticIndexWriterConfig())) {
      MetadataFilter colour = MetadataFilter.equal("colour", "red");
      assertEquals(List.of(), store.nearest(vector, 1, colour, 0)); // nothing is known yet
      store.update(
          List.of(
              new EmbeddedDocument(
                  "1", "x", Map.of("color", "red", "size", 3, "tags", List.of("new")), vector)));
      assertRefused(
          "no document has metadata \"colour\" to filter by; this index has: color, size, tags",
          () -> store.nearest(vector, 1, colour, 0));
      assertRefused(
          "no document has metadata \"colour\" to filter by; this index has: color, size, tags",
          () -> store.delete(new MetadataFilter.Not(colour)));
      assertRefused(
          "metadata \"size\" holds numbers and cannot be compared with 3 (String)",
          () -> store.nearest(vector, 1, MetadataFilter.equal("size", "3"), 0));
      assertRefused(
          "metadata \"color\" holds strings, booleans or UUIDs and cannot be compared with 3"
              + " (Integer)",
          () -> store.nearest(vector, 1, MetadataFilter.equal("color", 3), 0));
      assertRefused(
          "booleans and UUIDs have no order; compare metadata \"color\" with a string or a number,"
              + " got: true",
          () ->
              store.nearest(vector, 1, new MetadataFilter.Compared("color", Order.LESS, true), 0));
      assertRefused(
          "metadata is compared with a String, Boolean, Integer, Long, Float, Double or UUID, got:"
              + " \"color\" and 1 (java.math.BigDecimal)",
          () -> store.nearest(vector, 1, MetadataFilter.equal("color", BigDecimal.ONE), 0));
      List<MetadataFilter> many = new ArrayList<>();
      for (int i = 0; i < 2000; i++) {
        many.add(MetadataFilter.equal("color", "c" + i));
      }
      assertRefused(
          "query and filters must have at most 1024 clauses; give many values of one key as one"
              + " list",
          () -> store.nearest(vector, 1, new MetadataFilter.Or(many), 0));
    }
  }

  private static void assertRefused(String message, ThrowingRunnable call) {
    assertEquals(message, expectThrows(SearchRequestException.class, call).getMessage());
  }
}
