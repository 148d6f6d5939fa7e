package io.github.semblance.search;

import io.github.semblance.index.IndexSchema;
import io.github.semblance.index.MetadataFields;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.lucene.index.DocValuesType;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FieldInfos;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** Which fields of an index a request may name, and what the names stand for. Immutable. */
final class SearchableFields {
  /** What each document has and a query may name. */
  private static final Set<String> OWN =
      Set.of(IndexSchema.CATCH_ALL, IndexSchema.ID, IndexSchema.TITLE, IndexSchema.TEXT);

  /** How many fields a message lists. */
  private static final int MOST_NAMED = 50;

  private final FieldInfos infos;
  private final boolean empty;

  SearchableFields(IndexReader reader) {
    this.infos = FieldInfos.getMergedFieldInfos(reader);
    this.empty = reader.maxDoc() == 0;
  }

  /**
   * The index field that holds the exact values of a keyword field.
   *
   * @param option for the message
   * @throws SearchRequestException if it holds none
   */
  String exact(String option, String name) {
    String field = name.equals(IndexSchema.ID) ? name : IndexSchema.keywordField(name);
    if (!empty && !isExact(infos.fieldInfo(field))) {
      throw unknown(option, name, "");
    }
    return field;
  }

  /** An exact value for people; an application's own may be no text. */
  static String text(BytesRef value) {
    return new String(value.bytes, value.offset, value.length, StandardCharsets.UTF_8);
  }

  /**
   * Refuses a request that names fields which the index does not have, or not for that use.
   *
   * @throws SearchRequestException as the methods below do
   */
  void check(SearchRequest request) {
    Query unused = filter(request.filters(), request.ranges());
    Sort unusedSort = sort(request.page().sort());
    request.boosts().keySet().forEach(this::boosted);
    request.page().facets().keySet().forEach(name -> exact("facet", name));
    if (request.page().groupBy() != null) {
      String unusedGroup = exact("group", request.page().groupBy());
    }
  }

  /**
   * The documents that have one of the values of every field, and one in every range.
   *
   * @return null if there are no filters
   * @throws SearchRequestException if a field holds no exact values
   */
  @Nullable Query filter(Map<String, List<String>> filters, Map<String, ComparableRange> ranges) {
    if (filters.isEmpty() && ranges.isEmpty()) {
      return null;
    }
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    filters.forEach(
        (name, values) -> {
          List<BytesRef> terms = values.stream().map(BytesRef::new).toList();
          all.add(new TermInSetQuery(exact("filter", name), terms), Occur.FILTER);
        });
    ranges.forEach((name, range) -> all.add(filter(name, range), Occur.FILTER));
    return all.build();
  }

  private Query filter(String name, ComparableRange range) {
    List<Query> kinds = new ArrayList<>();
    if (range.isOfNumbers()) {
      if (infos.fieldInfo(MetadataFields.wholeField(name)) != null) {
        kinds.add(range.ofIntegers(MetadataFields.wholeField(name)));
      }
      if (infos.fieldInfo(MetadataFields.fractionField(name)) != null) {
        kinds.add(range.ofNumbers(MetadataFields.fractionField(name)));
      }
    }
    String field = IndexSchema.keywordField(name);
    Query ofKeywords = range(field, range.low(), range.high(), range.withLow(), range.withHigh());
    if (ofKeywords != null) {
      kinds.add(ofKeywords);
    }
    if (kinds.isEmpty() && !empty) {
      FieldInfo own = infos.fieldInfo(field);
      if (own != null && own.getPointDimensionCount() > 0) {
        throw new SearchRequestException(
            "field \""
                + name
                + "\" holds points of an application's own, whose type an index does not tell;"
                + " search with SemanticSearcher.among and a range query of that type");
      }
      if (own == null) {
        throw unknown("filter", name, "");
      }
      throw new SearchRequestException(
          "no document has a "
              + (range.isOfNumbers() ? "number" : "date")
              + " in field \""
              + name
              + "\" to compare with "
              + (range.low() == null ? range.high() : range.low()));
    }
    return any(kinds);
  }

  private static Query any(List<Query> kinds) {
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    kinds.forEach(kind -> any.add(kind, Occur.SHOULD));
    return kinds.size() == 1 ? kinds.getFirst() : any.build();
  }

  /**
   * The order of fields, and of scores where values are equal.
   *
   * @throws SearchRequestException if a field has no values to sort by
   */
  Sort sort(List<FieldOrder> orders) {
    List<SortField> parts = new ArrayList<>();
    for (FieldOrder order : orders) {
      List<SortField> some = SortFields.of(infos, order);
      if (some.isEmpty() && !empty) {
        throw unknown("sort", order.field(), "");
      }
      parts.addAll(some);
    }
    parts.add(SortField.FIELD_SCORE);
    return new Sort(parts.toArray(SortField[]::new));
  }

  /**
   * The analysed field that a boost means.
   *
   * @throws SearchRequestException if there is none
   */
  String boosted(String name) {
    if (name.equals(IndexSchema.TITLE) || name.equals(IndexSchema.TEXT)) {
      return name;
    }
    String field = IndexSchema.analyzedField(IndexSchema.keywordField(name));
    if (!empty && infos.fieldInfo(field) == null) {
      throw unknown("boost", name, IndexSchema.TITLE + ", " + IndexSchema.TEXT);
    }
    return field;
  }

  /**
   * The index field that a name in a query means: the schema's own, a source's keyword field, or a
   * field that an application has added.
   *
   * @throws SearchRequestException if there is none, or one without terms
   */
  String searched(String name) {
    if (OWN.contains(name)) {
      return name;
    }
    String field = IndexSchema.keywordField(name);
    FieldInfo info = infos.fieldInfo(field);
    if (info == null && !empty) {
      throw unknown("search", name, IndexSchema.TITLE + ", " + IndexSchema.TEXT);
    }
    if (info != null && info.getIndexOptions() == IndexOptions.NONE) {
      throw new SearchRequestException(
          "field \""
              + name
              + "\" has numbers or no terms, which this syntax does not search; use a query of your"
              + " own");
    }
    return field;
  }

  /**
   * The field that patterns are matched with which name a field: the words as they were written
   * where the index has those, since a pattern knows nothing of stems.
   *
   * @throws SearchRequestException as {@link #searched} does
   */
  String matched(String name) {
    String field = searched(name);
    String words = IndexSchema.exactField(field);
    return OWN.contains(field) && infos.fieldInfo(words) != null ? words : field;
  }

  /** Whether a field holds words as they were written. */
  boolean isOfWordsAsWritten(String field) {
    return OWN.stream().anyMatch(own -> field.equals(IndexSchema.exactField(own)));
  }

  /**
   * The documents of which a keyword lies in a range of numbers or of dates.
   *
   * @param field as {@link #searched} gives it
   * @param low the lower end; null for none
   * @param high the upper end; null for none
   * @return null if the ends are neither numbers nor dates, or no keyword of the field is
   */
  @Nullable Query range(
      String field,
      @Nullable String low,
      @Nullable String high,
      boolean withLow,
      boolean withHigh) {
    ComparableRange range = new ComparableRange(low, high, withLow, withHigh);
    List<Query> kinds = new ArrayList<>(); // a year is a number as well
    if (infos.fieldInfo(IndexSchema.numberField(field)) != null && range.isOfNumbers()) {
      kinds.add(range.ofNumbers(IndexSchema.numberField(field)));
    }
    if (infos.fieldInfo(IndexSchema.dateField(field)) != null && range.isOfDates()) {
      kinds.add(range.ofDates(IndexSchema.dateField(field)));
    }
    return kinds.isEmpty() ? null : any(kinds);
  }

  /** The fields of exact values, without the id, by name. */
  List<String> keywords() {
    TreeSet<String> names = new TreeSet<>();
    for (FieldInfo info : infos) {
      String name = MetadataFields.key(info.name);
      if (isExact(info) && name != null && !name.equals(IndexSchema.ID)) {
        names.add(name);
      }
    }
    return List.copyOf(names);
  }

  /** Whether a field's values are terms as they are. */
  boolean isExact(String field) {
    return isExact(infos.fieldInfo(field));
  }

  /** Whether a field's values are terms as they are; false for no field. */
  static boolean isExact(@Nullable FieldInfo info) {
    return info != null
        && (info.getDocValuesType() == DocValuesType.SORTED_SET
            || info.getDocValuesType() == DocValuesType.SORTED);
  }

  private SearchRequestException unknown(String option, String name, String more) {
    TreeSet<String> known = new TreeSet<>();
    for (FieldInfo info : infos) {
      if (isExact(info) && !(option.equals("boost") && info.name.equals(IndexSchema.ID))) {
        known.add(info.name);
      }
    }
    String names =
        known.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
            + (known.size() > MOST_NAMED ? " and " + (known.size() - MOST_NAMED) + " more" : "");
    return new SearchRequestException(
        "no field \""
            + name
            + "\" to "
            + option
            + " by; this index has: "
            + (more.isEmpty() || names.isEmpty() ? more + names : more + ", " + names));
  }
}
