package io.github.semblance.opensearch;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.opensearch.common.xcontent.XContentFactory;
import org.opensearch.common.xcontent.XContentType;
import org.opensearch.core.common.bytes.BytesReference;
import org.opensearch.core.xcontent.XContentParser;

/**
 * How deep objects and arrays of a query may stand in each other. OpenSearch reads and runs queries
 * recursively; one of some hundred levels uses up the stack, and that ends the node. Stateless.
 */
final class QueryDepth {
  static final int MOST = 100;

  private QueryDepth() {}

  /**
   * A parser of the object that a parser is at, which is read to its end.
   *
   * @throws IllegalArgumentException if it is too deep
   */
  static XContentParser limit(XContentParser parser) throws IOException {
    Map<String, Object> query = parser.map();
    require(query, 1);
    return XContentType.JSON
        .xContent()
        .createParser(
            parser.getXContentRegistry(),
            parser.getDeprecationHandler(),
            BytesReference.bytes(XContentFactory.jsonBuilder().map(query)).streamInput());
  }

  private static void require(@Nullable Object value, int depth) {
    Collection<?> inner =
        switch (value) {
          case Map<?, ?> map -> map.values();
          case Collection<?> list -> list;
          case null -> null;
          default -> null;
        };
    if (inner == null) {
      return;
    }
    if (depth > MOST) {
      throw new IllegalArgumentException(
          "a query must have at most "
              + MOST
              + " levels of objects and arrays, got more; write it with fewer [bool]s in each"
              + " other");
    }
    inner.forEach(one -> require(one, depth + 1));
  }
}
