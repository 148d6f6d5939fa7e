package io.github.semblance.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;

/**
 * Plain text as a query for any of its terms in one field, a repeated term weighing as often as it
 * is said.
 *
 * @param query matches nothing if the text has no terms, as one of stop words alone
 * @param ignoredTerms how many distinct terms did not fit the limit of clauses
 */
record BagOfWords(Query query, int ignoredTerms) {

  /**
   * Analyses a text. Of too many terms the rarest in the index are kept, because they tell
   * documents apart best.
   *
   * @param limit the most distinct terms to use, at least 1
   */
  static BagOfWords of(IndexReader reader, Analyzer analyzer, String field, String text, int limit)
      throws IOException {
    Map<String, Integer> counts = countTerms(analyzer, field, text);
    List<String> terms = new ArrayList<>(counts.keySet());
    int ignored = 0;
    if (terms.size() > limit) {
      Map<String, Integer> documents = new LinkedHashMap<>();
      for (String term : terms) {
        int frequency = reader.docFreq(new Term(field, term));
        if (frequency > 0) {
          documents.put(term, frequency);
        }
      }
      terms = new ArrayList<>(documents.keySet());
      terms.sort(Comparator.comparingInt(documents::get));
      ignored = Math.max(0, terms.size() - limit);
      terms = terms.subList(0, terms.size() - ignored);
    }
    if (terms.isEmpty()) {
      return new BagOfWords(new MatchNoDocsQuery("no terms in the query"), ignored);
    }
    BooleanQuery.Builder query = new BooleanQuery.Builder();
    for (String term : terms) {
      Query one = new TermQuery(new Term(field, term));
      int count = counts.getOrDefault(term, 1);
      query.add(count == 1 ? one : new BoostQuery(one, count), Occur.SHOULD);
    }
    return new BagOfWords(query.build(), ignored);
  }

  /** The same words, of which a document must have every one; nothing if not all are known here. */
  Query all() {
    if (ignoredTerms > 0 || !(query instanceof BooleanQuery any)) {
      return new MatchNoDocsQuery("not all words, or none");
    }
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    any.clauses().forEach(clause -> all.add(clause.query(), Occur.FILTER));
    return all.build();
  }

  private static Map<String, Integer> countTerms(Analyzer analyzer, String field, String text)
      throws IOException {
    Map<String, Integer> counts = new LinkedHashMap<>();
    try (TokenStream tokens = analyzer.tokenStream(field, text)) {
      CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
      tokens.reset();
      while (tokens.incrementToken()) {
        counts.merge(term.toString(), 1, Integer::sum);
      }
      tokens.end();
    }
    return counts;
  }
}
