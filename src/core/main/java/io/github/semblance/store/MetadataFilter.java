package io.github.semblance.store;

import java.util.List;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.search.Query;

/**
 * Says by their metadata which documents are meant. Immutable.
 *
 * <p>Numbers are compared as numbers whatever their types, a float by the digits it is written
 * with; strings by their code points; booleans and UUIDs for equality alone, as the strings they
 * are written as. Of a list, one value that meets the condition is enough. A document without the
 * key meets none of the conditions below except {@link Not}.
 */
public sealed interface MetadataFilter {

  /** All of some filters are met; at least one is given. */
  record And(List<MetadataFilter> all) implements MetadataFilter {
    /** Copies the list and checks that it is not empty. */
    public And {
      all = List.copyOf(all);
      requireSome(all, "filters");
    }
  }

  /** One or more of some filters are met; at least one is given. */
  record Or(List<MetadataFilter> any) implements MetadataFilter {
    /** Copies the list and checks that it is not empty. */
    public Or {
      any = List.copyOf(any);
      requireSome(any, "filters");
    }
  }

  /** A filter is not met. */
  record Not(MetadataFilter filter) implements MetadataFilter {}

  /** A value is one of some; at least one is given. */
  record In(String key, List<Object> values) implements MetadataFilter {
    /** Copies the list and checks that it is not empty. */
    public In {
      values = List.copyOf(values);
      requireSome(values, "values");
    }
  }

  /** A value stands to a bound, a string or a number, as an order says. */
  record Compared(String key, Order order, Object bound) implements MetadataFilter {}

  /** A string has another one as a part, upper and lower case told apart. */
  record Contains(String key, String part) implements MetadataFilter {}

  /** The document has a value. */
  record Exists(String key) implements MetadataFilter {}

  /** How a value stands to a bound. */
  enum Order {
    /** Less than it. */
    LESS,
    /** Less than it, or equal. */
    LESS_OR_EQUAL,
    /** More than it. */
    GREATER,
    /** More than it, or equal. */
    GREATER_OR_EQUAL
  }

  /** A value is equal to another. */
  static MetadataFilter equal(String key, Object value) {
    return new In(key, List.of(value));
  }

  /** No value is equal to another: also met by a document without the key. */
  static MetadataFilter notEqual(String key, Object value) {
    return new Not(equal(key, value));
  }

  /**
   * This filter as a query over the documents of an index.
   *
   * @throws io.github.semblance.search.SearchRequestException if the index has documents and none
   *     has the key, or none has a value under it that can be compared with the filter's; or if a
   *     value is of a type that is never stored
   */
  default Query toQuery(IndexReader reader) {
    return new FilterQueries(reader).of(this);
  }

  private static void requireSome(List<?> list, String what) {
    if (list.isEmpty()) {
      throw new IllegalArgumentException(
          "there must be at least one of the " + what + ", got none");
    }
  }
}
