package io.github.semblance.search;

import io.github.semblance.index.IndexSchema;
import java.io.IOException;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;

/**
 * Makes the lexical leg of a hybrid search from a person's words. Stateless.
 *
 * <p>A document must have one of the words as the index's analyzer reads them, mostly their stems.
 * Each word that it has exactly as it was written adds {@value #EXACT_BOOST} of that word's BM25
 * score. So a name or a code is not lost among what only shares its stem. Both fields are written
 * by {@code SemanticIndexWriter}, also for documents of an application's own.
 *
 * <p>Rare words count for more than in BM25, by the square root of their idf, so that a name is not
 * lost among the words of the sentence that asks for it: see {@link #byRarity}.
 */
public final class LexicalQuery {
  /** What the score of a word found as it was written weighs beside that of its stem. */
  public static final float EXACT_BOOST = 0.25f;

  private LexicalQuery() {}

  /**
   * A query for words over the fields of {@link IndexSchema}. It matches nothing if the analyzer
   * leaves none of the words. Of more words than Lucene allows clauses, the rarest are kept.
   *
   * @param reader of the index that is searched
   * @param analyzer what the index was written with
   * @param words as a person types them: no character has a meaning of its own
   */
  public static Query of(IndexReader reader, Analyzer analyzer, String words) throws IOException {
    return of(reader, analyzer, words, Math.max(1, (IndexSearcher.getMaxClauseCount() - 1) / 2))
        .query();
  }

  /**
   * Combines the queries of two fields.
   *
   * @param analysed finds the words as the analyzer reads them; it decides what matches
   * @param asWritten finds the words exactly as they were written
   */
  public static Query of(Query analysed, Query asWritten) {
    return byRarity(
        new BooleanQuery.Builder()
            .add(analysed, Occur.MUST)
            .add(new BoostQuery(asWritten, EXACT_BOOST), Occur.SHOULD)
            .build());
  }

  /**
   * The same query with each term's score times {@code sqrt(idf / largest idf)} of the query's
   * terms in its field. The statistics are those that the searcher has when the query is rewritten,
   * over shards those of all of them. A query of one word is not changed.
   *
   * @param terms terms, boosts and booleans of them; what else is in it is left as it is
   */
  public static Query byRarity(Query terms) {
    return new RarityQuery(terms);
  }

  /** As the public one, for a number of terms in each of the two fields. */
  static BagOfWords of(IndexReader reader, Analyzer analyzer, String words, int termsPerField)
      throws IOException {
    BagOfWords analysed =
        BagOfWords.of(reader, analyzer, IndexSchema.CATCH_ALL, words, termsPerField);
    BagOfWords asWritten =
        BagOfWords.of(reader, IndexSchema.EXACT_ANALYZER, IndexSchema.EXACT, words, termsPerField);
    return new BagOfWords(
        of(analysed.query(), asWritten.query()),
        Math.max(analysed.ignoredTerms(), asWritten.ignoredTerms()));
  }
}
