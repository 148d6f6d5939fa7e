package io.github.semblance.opensearch;

import java.io.IOException;
import java.nio.CharBuffer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.opensearch.core.xcontent.MapXContentParser;
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
    require(query);
    return new ReadQuery(parser, query);
  }

  /** What a parser of JSON has and one of a map lacks: some queries read their values so. */
  private static final class ReadQuery extends MapXContentParser {

    ReadQuery(XContentParser parser, Map<String, Object> query) {
      super(
          parser.getXContentRegistry(),
          parser.getDeprecationHandler(),
          query,
          parser.contentType());
    }

    @Override
    public CharBuffer charBuffer() throws IOException {
      return CharBuffer.wrap(text());
    }

    @Override
    public @Nullable Object objectText() throws IOException {
      return switch (currentToken()) {
        case VALUE_NUMBER -> numberValue();
        case VALUE_BOOLEAN -> booleanValue();
        case VALUE_NULL -> null;
        default -> text();
      };
    }

    @Override
    public @Nullable Object objectBytes() throws IOException {
      return objectText();
    }

    @Override
    public boolean hasTextCharacters() {
      return false;
    }

    @Override
    public char[] textCharacters() throws IOException {
      return text().toCharArray();
    }

    @Override
    public int textLength() throws IOException {
      return text().length();
    }

    @Override
    public int textOffset() {
      return 0;
    }
  }

  private record At(Object value, int depth) {}

  private static void require(Map<String, Object> query) {
    Deque<At> left = new ArrayDeque<>();
    left.push(new At(query, 1));
    while (!left.isEmpty()) {
      At at = left.pop();
      Collection<?> inner =
          switch (at.value) {
            case Map<?, ?> map -> map.values();
            case Collection<?> list -> list;
            default -> null;
          };
      if (inner == null) {
        continue;
      }
      if (at.depth > MOST) {
        throw new IllegalArgumentException(
            "a query must have at most "
                + MOST
                + " levels of objects and arrays, got more; write it with fewer [bool]s in each"
                + " other");
      }
      for (Object one : inner) {
        if (one != null) {
          left.push(new At(one, at.depth + 1));
        }
      }
    }
  }
}
