package io.github.semblance.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.xcontent.json.JsonXContent;
import org.opensearch.core.xcontent.DeprecationHandler;
import org.opensearch.core.xcontent.NamedXContentRegistry;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.index.query.AbstractQueryBuilder;
import org.opensearch.index.query.QueryBuilder;
import org.opensearch.search.SearchModule;

final class QueryDepthTest {
  static {
    NewerLucene.allow();
  }

  private static final NamedXContentRegistry QUERIES =
      new NamedXContentRegistry(new SearchModule(Settings.EMPTY, List.of()).getNamedXContents());

  private static QueryBuilder parse(String json, boolean limited) throws IOException {
    try (XContentParser parser =
        JsonXContent.jsonXContent.createParser(
            QUERIES, DeprecationHandler.IGNORE_DEPRECATIONS, json.replace('\'', '"'))) {
      return AbstractQueryBuilder.parseInnerQueryBuilder(
          limited ? QueryDepth.limit(parser) : parser);
    }
  }

  @Test
  void queriesAreReadAsTheyWouldBe() throws IOException {
    for (String query :
        List.of(
            "{'term': {'a': 'x'}}",
            "{'term': {'a': {'value': 7, 'boost': 2}}}",
            "{'terms': {'a': ['x', 1, 2.5, true]}}",
            "{'range': {'a': {'gte': 1, 'lt': 12345678901234567890}}}",
            "{'range': {'d': {'gte': 'now-1d', 'format': 'yyyy'}}}",
            "{'match': {'a': {'query': 'x y', 'operator': 'and'}}}",
            "{'multi_match': {'query': 'x', 'fields': ['a^2', 'b'], 'type': 'cross_fields'}}",
            "{'match_phrase': {'a': 'x y'}}",
            "{'wildcard': {'a': 'x*'}}",
            "{'ids': {'values': ['1', '2']}}",
            "{'exists': {'field': 'a'}}",
            "{'geo_distance': {'distance': '3km', 'p': [1.5, 2]}}",
            "{'geo_bounding_box': {'p': {'top_left': {'lat': 2, 'lon': 1}, 'bottom_right': {'lat': 0, 'lon': 5}}}}",
            "{'function_score': {'query': {'match_all': {}}, 'weight': 2, 'boost_mode': 'sum'}}",
            "{'script_score': {'query': {'match_all': {}}, 'script': {'source': '1', 'params':"
                + " {'a': [1, {'b': null}]}}}}",
            "{'query_string': {'query': 'a:x', 'default_field': 'b'}}",
            "{'bool': {'must': {'match': {'a': 'x'}}, 'filter': [{'term': {'b': false}}]}}")) {
      assertEquals(parse(query, false), parse(query, true), query);
    }
  }

  @Test
  void whatUsesUpTheStackIsRefused() throws IOException {
    String deepest = bools(49, "{'match_all': {}}");
    assertEquals(parse(deepest, false), parse(deepest, true));
    Supplier<String> deeper = () -> bools(50, "{'match_all': {}}");
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> parse(deeper.get(), true));
    assertTrue(
        String.valueOf(refused.getMessage()).startsWith("a query must have at most 100 levels"));
  }

  private static String bools(int depth, String innermost) {
    return "{'bool': {'filter': ".repeat(depth) + innermost + "}}".repeat(depth);
  }
}
