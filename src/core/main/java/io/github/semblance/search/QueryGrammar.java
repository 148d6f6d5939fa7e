package io.github.semblance.search;

import io.github.semblance.index.IndexSchema;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.AnalyzerWrapper;
import org.apache.lucene.analysis.DelegatingAnalyzerWrapper;
import org.apache.lucene.analysis.core.KeywordAnalyzer;
import org.apache.lucene.index.Term;
import org.apache.lucene.queryparser.classic.ParseException;
import org.apache.lucene.queryparser.classic.QueryParser;
import org.apache.lucene.search.AutomatonQuery;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.RegexpQuery;
import org.apache.lucene.util.automaton.Automata;
import org.apache.lucene.util.automaton.Operations;
import org.apache.lucene.util.automaton.RegExp;
import org.jspecify.annotations.Nullable;

/** Lucene's classic grammar over the fields of an index. For one query. */
final class QueryGrammar extends QueryParser {
  /** Beyond, building an automaton of the pattern could take all memory or stack. */
  private static final int LONGEST_PATTERN = 1_000;

  private static final Pattern WHOLE_NUMBER = Pattern.compile("\\d{1,9}");

  private final SearchableFields fields;
  private final Function<String, Query> meaning;

  /**
   * Prepares for one query.
   *
   * @param analyzer as {@link #analyzer} makes it
   * @param meaning makes the query of a semantic clause
   */
  QueryGrammar(
      QueryTokens tokens,
      SearchableFields fields,
      Analyzer analyzer,
      Function<String, Query> meaning) {
    super(tokens);
    init(IndexSchema.CATCH_ALL, analyzer);
    // A group of keywords is several keywords, not one of many words.
    setSplitOnWhitespace(true);
    this.fields = fields;
    this.meaning = meaning;
  }

  /** Takes keywords as they are, words as they were written, and analyses the others. */
  static AnalyzerWrapper analyzer(SearchableFields fields, Analyzer analyzer) {
    Analyzer exact = new KeywordAnalyzer();
    return new DelegatingAnalyzerWrapper(Analyzer.PER_FIELD_REUSE_STRATEGY) {
      @Override
      protected Analyzer getWrappedAnalyzer(String field) {
        if (fields.isOfWordsAsWritten(field)) {
          return IndexSchema.EXACT_ANALYZER;
        }
        return fields.isExact(field) ? exact : analyzer;
      }
    };
  }

  @Override
  protected @Nullable Query getFieldQuery(String name, String text, boolean quoted)
      throws ParseException {
    return super.getFieldQuery(fields.searched(name), text, quoted);
  }

  @Override
  protected @Nullable Query getFieldQuery(String name, String text, int slop)
      throws ParseException {
    return name.equals(QueryTokens.MEANING)
        ? meaning.apply(text)
        : super.getFieldQuery(name, text, slop);
  }

  @Override
  protected Query getWildcardQuery(String name, String pattern) throws ParseException {
    requireShort(pattern);
    if (!pattern.equals("*")) {
      return super.getWildcardQuery(fields.matched(name), pattern);
    }
    if (name.equals("*") || name.equals(IndexSchema.CATCH_ALL)) {
      return IndexSchema.parents().getQuery();
    }
    String field = fields.searched(name);
    return fields.isExact(field)
        ? new FieldExistsQuery(field)
        : newWildcardQuery(new Term(field, pattern));
  }

  @Override
  protected Query getPrefixQuery(String name, String prefix) throws ParseException {
    requireShort(prefix);
    return orWord(super.getPrefixQuery(fields.matched(name), prefix), name, prefix);
  }

  @Override
  protected Query getFuzzyQuery(String name, String text, float edits) throws ParseException {
    requireShort(text);
    return orWord(super.getFuzzyQuery(fields.matched(name), text, edits), name, text);
  }

  /**
   * What a pattern matches and what its word finds by its stem, where the field has stems: {@code
   * containers*} finds a container, as {@code containers} does.
   */
  private Query orWord(Query pattern, String name, String text) throws ParseException {
    if (fields.matched(name).equals(fields.searched(name))) {
      return pattern;
    }
    Query word = getFieldQuery(name, text, false);
    return word == null
        ? pattern
        : new BooleanQuery.Builder().add(pattern, Occur.SHOULD).add(word, Occur.SHOULD).build();
  }

  @Override
  protected Query getRegexpQuery(String name, String pattern) throws ParseException {
    requireShort(pattern);
    PatternSize.requireSmall(pattern);
    return super.getRegexpQuery(fields.matched(name), pattern);
  }

  @Override
  protected Query newRegexpQuery(Term regexp) {
    try {
      // Without intersections, whose automata grow as the product of their parts.
      return new RegexpQuery(
          regexp,
          RegExp.ALL & ~RegExp.INTERSECTION,
          0,
          RegexpQuery.DEFAULT_PROVIDER,
          getDeterminizeWorkLimit(),
          getMultiTermRewriteMethod());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "/" + regexp.text() + "/ is no regular expression: " + e.getMessage(), e);
    }
  }

  private static void requireShort(String pattern) throws ParseException {
    if (pattern.length() > LONGEST_PATTERN) {
      throw new ParseException(
          "a pattern must be at most " + LONGEST_PATTERN + " characters, got: " + pattern.length());
    }
  }

  @Override
  protected Query getRangeQuery(
      String name, @Nullable String low, @Nullable String high, boolean withLow, boolean withHigh)
      throws ParseException {
    String field = fields.searched(name);
    Query comparable = fields.range(field, low, high, withLow, withHigh);
    boolean numeric = fields.isExact(field) && isNumeric(low, high);
    if ((comparable != null || numeric)
        && new ComparableRange(low, high, withLow, withHigh).isReversed()) {
      throw new ParseException(
          "a range must not end before it begins, got: " + low + " TO " + high);
    }
    if (comparable != null) {
      return comparable;
    }
    if (numeric) {
      int from = low == null ? 0 : Integer.parseInt(low) + (withLow ? 0 : 1);
      int to = high == null ? Integer.MAX_VALUE : Integer.parseInt(high) - (withHigh ? 0 : 1);
      return from > to
          ? new MatchNoDocsQuery("a range without numbers")
          : new AutomatonQuery(
              new Term(field),
              Operations.determinize(
                  Automata.makeDecimalInterval(from, to, 0),
                  Operations.DEFAULT_DETERMINIZE_WORK_LIMIT));
    }
    // Not the method of the same name in the superclass, which looks for dates.
    return newRangeQuery(field, low, high, withLow, withHigh);
  }

  private static boolean isNumeric(@Nullable String low, @Nullable String high) {
    return (low != null || high != null)
        && (low == null || WHOLE_NUMBER.matcher(low).matches())
        && (high == null || WHOLE_NUMBER.matcher(high).matches());
  }
}
