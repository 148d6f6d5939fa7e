package io.github.semblance.store;

import io.github.semblance.index.MetadataFields;
import io.github.semblance.search.SearchRequestException;
import io.github.semblance.store.MetadataFilter.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.lucene.index.DocValuesType;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FieldInfos;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermRangeQuery;
import org.apache.lucene.search.WildcardQuery;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** Makes queries of filters, for one index as a reader sees it. */
final class FilterQueries {
  private final FieldInfos infos;
  private final boolean empty;

  FilterQueries(IndexReader reader) {
    this.infos = FieldInfos.getMergedFieldInfos(reader);
    this.empty = reader.numDocs() == 0;
  }

  Query of(MetadataFilter filter) {
    return switch (filter) {
      case MetadataFilter.And and -> each(and.all(), Occur.FILTER);
      case MetadataFilter.Or or -> each(or.any(), Occur.SHOULD);
      case MetadataFilter.Not not ->
          new BooleanQuery.Builder()
              .add(MatchAllDocsQuery.INSTANCE, Occur.FILTER)
              .add(of(not.filter()), Occur.MUST_NOT)
              .build();
      case MetadataFilter.In in -> in(in);
      case MetadataFilter.Compared compared -> compared(compared);
      case MetadataFilter.Contains contains -> {
        require(contains.key(), contains.part(), Kind.TERM);
        yield new WildcardQuery(
            new Term(
                MetadataFields.exactField(contains.key()), "*" + escaped(contains.part()) + "*"));
      }
      case MetadataFilter.Exists exists -> exists(exists.key());
    };
  }

  private Query each(List<MetadataFilter> filters, Occur occur) {
    BooleanQuery.Builder query = new BooleanQuery.Builder();
    filters.forEach(filter -> query.add(of(filter), occur));
    return query.build();
  }

  private Query in(MetadataFilter.In in) {
    List<BytesRef> terms = new ArrayList<>();
    List<Number> numbers = new ArrayList<>();
    for (Object value : in.values()) {
      Kind kind = Kind.of(in.key(), value);
      require(in.key(), value, kind);
      if (kind == Kind.TERM) {
        terms.add(new BytesRef(value.toString()));
      } else {
        numbers.add((Number) value);
      }
    }
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    if (!terms.isEmpty()) {
      any.add(new TermInSetQuery(MetadataFields.exactField(in.key()), terms), Occur.SHOULD);
    }
    if (!numbers.isEmpty()) {
      any.add(NumberQueries.in(in.key(), numbers), Occur.SHOULD);
    }
    return any.build();
  }

  private Query compared(MetadataFilter.Compared compared) {
    String key = compared.key();
    Object bound = compared.bound();
    Kind kind = Kind.of(key, bound);
    if (bound instanceof Boolean || bound instanceof UUID) {
      throw new SearchRequestException(
          "booleans and UUIDs have no order; compare metadata \""
              + key
              + "\" with a string or a number, got: "
              + bound);
    }
    require(key, bound, kind);
    Order order = compared.order();
    if (kind == Kind.NUMBER) {
      return NumberQueries.compared(key, order, (Number) bound);
    }
    BytesRef term = new BytesRef(bound.toString());
    String field = MetadataFields.exactField(key);
    return switch (order) {
      case LESS -> new TermRangeQuery(field, null, term, true, false);
      case LESS_OR_EQUAL -> new TermRangeQuery(field, null, term, true, true);
      case GREATER -> new TermRangeQuery(field, term, null, false, true);
      case GREATER_OR_EQUAL -> new TermRangeQuery(field, term, null, true, true);
    };
  }

  private Query exists(String key) {
    if (!empty && !has(Kind.TERM, key) && !has(Kind.NUMBER, key)) {
      throw unknown(key);
    }
    return new BooleanQuery.Builder()
        .add(new FieldExistsQuery(MetadataFields.exactField(key)), Occur.SHOULD)
        .add(new FieldExistsQuery(MetadataFields.wholeField(key)), Occur.SHOULD)
        .add(new FieldExistsQuery(MetadataFields.fractionField(key)), Occur.SHOULD)
        .build();
  }

  /** What values can be compared with each other. */
  private enum Kind {
    TERM("strings, booleans or UUIDs"),
    NUMBER("numbers");

    private final String plural;

    Kind(String plural) {
      this.plural = plural;
    }

    static Kind of(String key, Object value) {
      return switch (value) {
        case String text -> TERM;
        case Boolean flag -> TERM;
        case UUID uuid -> TERM;
        case Integer number -> NUMBER;
        case Long number -> NUMBER;
        case Float number -> NUMBER;
        case Double number -> NUMBER;
        default ->
            throw new SearchRequestException(
                "metadata is compared with a String, Boolean, Integer, Long, Float, Double or UUID,"
                    + " got: \""
                    + key
                    + "\" and "
                    + value
                    + " ("
                    + value.getClass().getName()
                    + ")");
      };
    }
  }

  private void require(String key, Object value, Kind kind) {
    if (empty || has(kind, key)) {
      return;
    }
    Kind other = kind == Kind.TERM ? Kind.NUMBER : Kind.TERM;
    if (!has(other, key)) {
      throw unknown(key);
    }
    throw new SearchRequestException(
        "metadata \""
            + key
            + "\" holds "
            + other.plural
            + " and cannot be compared with "
            + value
            + " ("
            + value.getClass().getSimpleName()
            + ")");
  }

  private boolean has(Kind kind, String key) {
    return switch (kind) {
      case TERM -> isExact(infos.fieldInfo(MetadataFields.exactField(key)));
      case NUMBER ->
          infos.fieldInfo(MetadataFields.wholeField(key)) != null
              || infos.fieldInfo(MetadataFields.fractionField(key)) != null;
    };
  }

  private static boolean isExact(@Nullable FieldInfo info) {
    return info != null && info.getDocValuesType() == DocValuesType.SORTED_SET;
  }

  private SearchRequestException unknown(String key) {
    TreeSet<String> known = new TreeSet<>();
    for (FieldInfo info : infos) {
      String name = MetadataFields.key(info.name);
      if (name != null && (has(Kind.TERM, name) || has(Kind.NUMBER, name))) {
        known.add(name);
      }
    }
    return new SearchRequestException(
        "no document has metadata \""
            + key
            + "\" to filter by; this index has: "
            + (known.isEmpty() ? "none" : String.join(", ", known)));
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("*", "\\*").replace("?", "\\?");
  }
}
