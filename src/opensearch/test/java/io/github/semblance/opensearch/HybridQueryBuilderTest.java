package io.github.semblance.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.opensearch.common.io.stream.BytesStreamOutput;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.xcontent.json.JsonXContent;
import org.opensearch.core.common.io.stream.NamedWriteableAwareStreamInput;
import org.opensearch.core.common.io.stream.NamedWriteableRegistry;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.xcontent.DeprecationHandler;
import org.opensearch.core.xcontent.NamedXContentRegistry;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.index.query.AbstractQueryBuilder;
import org.opensearch.index.query.QueryBuilder;
import org.opensearch.search.SearchModule;

/** How the plugin's queries are read, written and sent. */
final class HybridQueryBuilderTest {
  static {
    NewerLucene.allow();
  }

  private static final SemblancePlugin PLUGIN = new SemblancePlugin(Settings.EMPTY);
  private static final SearchModule MODULE = new SearchModule(Settings.EMPTY, List.of(PLUGIN));
  private static final NamedXContentRegistry JSON =
      new NamedXContentRegistry(MODULE.getNamedXContents());
  private static final NamedWriteableRegistry WIRE =
      new NamedWriteableRegistry(MODULE.getNamedWriteables());

  private static final List<String> QUERIES =
      List.of(
          "{'semblance': {'query': 'a b'}}",
          "{'semblance': {'query': 'a', 'k': 7, 'semantic_weight': 0.25, 'min_confidence': 0.5,"
              + " 'field': 'p.v', 'boost': 3, '_name': 'n', 'filter': {'term': {'c': 'x'}},"
              + " 'lexical': {'match': {'t': 'b'}}}}",
          "{'semantic': {'query': 'a', 'filter': {'semblance': {'query': 'b'}}}}",
          "{'semantic': {'query': 'a', 'min_confidence': 0.25}}",
          "{'semantic': {'query': 'a', 'k': 7, 'min_similarity': 0.5, 'field': 'p.v',"
              + " 'boost': 3, '_name': 'n'}}");

  private static QueryBuilder parse(String json) throws IOException {
    try (XContentParser parser =
        JsonXContent.jsonXContent.createParser(
            JSON, DeprecationHandler.IGNORE_DEPRECATIONS, json.replace('\'', '"'))) {
      return AbstractQueryBuilder.parseInnerQueryBuilder(parser);
    }
  }

  @Test
  void whatIsWrittenIsReadAsItWas() throws IOException {
    List<QueryBuilder> all = new ArrayList<>();
    for (String json : QUERIES) {
      QueryBuilder query = parse(json);
      assertEquals(query, parse(json));
      assertEquals(query.hashCode(), parse(json).hashCode());
      assertEquals(query, parse(query.toString()), json);
      for (QueryBuilder other : all) {
        assertNotEquals(other, query);
      }
      all.add(query);
      BytesStreamOutput out = new BytesStreamOutput();
      out.writeNamedWriteable(query);
      try (StreamInput in = new NamedWriteableAwareStreamInput(out.bytes().streamInput(), WIRE)) {
        assertEquals(query, in.readNamedWriteable(QueryBuilder.class), json);
        assertEquals(-1, in.read(), "left over of " + json);
      }
    }
  }

  @Test
  void wrongValuesAreRefused() {
    assertRefused("{'semblance': {'query': 'x', 'semantic_weight': 'NaN'}}", "got: NaN");
    assertRefused("{'semblance': {'query': 'x', 'semantic_weight': -1}}", "from 0 to 1, got: -1");
    assertRefused("{'semantic': {'query': 'x', 'k': 10001}}", "from 1 to 10000, got: 10001");
    assertRefused("{'semantic': {'query': 'x', 'lexical': {}}}", "unknown field [lexical]");
    assertRefused(
        "{'semantic': {'query': 'x', 'min_confidence': 1.5}}",
        "[semantic] min_confidence must be from 0 to 1, got: 1.5");
    assertRefused("{'semblance': {}}", "[semblance] needs a [query]");
  }

  private static void assertRefused(String json, String reason) {
    Exception refused = assertThrows(Exception.class, () -> parse(json));
    assertTrue(String.valueOf(refused.getMessage()).contains(reason), refused::toString);
  }
}
