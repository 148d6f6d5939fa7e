package io.github.semblance.search;

import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.embed.WellFormed;
import io.github.semblance.index.IndexSchema;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.queryparser.classic.ParseException;
import org.apache.lucene.queryparser.classic.Token;
import org.apache.lucene.queryparser.classic.TokenMgrError;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.FuzzyQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.util.automaton.ByteRunAutomaton;
import org.apache.lucene.util.automaton.TooComplexToDeterminizeException;
import org.jspecify.annotations.Nullable;

/**
 * Reads Lucene's classic query syntax, in which {@code ~"…"} searches by meaning. Immutable and
 * safe for use by many threads; the reader and the embedder remain the caller's.
 *
 * <pre>{@code
 * query    = clause { [ "AND" | "OR" | "&&" | "||" ] clause }
 * clause   = [ "+" | "-" | "NOT" | "!" ] ( meaning | [ field ":" ] ( match | group ) ) [ "^" boost ]
 * group    = "(" query ")"
 * meaning  = ~"how the thing looked for might be put"
 * match    = word | "a phrase" [ "~" slop ] | word~ | word~1 | pre* | w?ld*card | /regular expression/
 *          | "[" from "TO" to "]" | "{" from "TO" to "}" | "*"
 * }</pre>
 *
 * <p>For example {@code +course:search "late enrolment" ~"can I still join"^20}. All is as Lucene's
 * {@link org.apache.lucene.queryparser.classic.QueryParser} reads it, a backslash in front of a
 * special character included, but for these:
 *
 * <p><b>Meaning.</b> {@code ~"…"}, with nothing but white space, an operator or a parenthesis
 * before it, finds the documents closest in meaning. (Right after a word or a phrase, a tilde says
 * how loosely that is to match.) It is a {@link SemanticQuery}: it searches among the documents
 * that the required and prohibited clauses beside and around it allow, finds the k closest of
 * these, and scores {@code (1 + cosine) / 2}. Like all clauses' scores it is multiplied by its
 * boost and added to those beside it; BM25 scores of rare words are near 10, so a boost of about 20
 * lets meaning weigh as much as words. It cannot be prohibited, since everything is close to some
 * degree, and a field in front of a group around it does not concern it. (To rank by a {@link
 * Fusion} instead, put a query without such clauses and a {@code SemanticQuery} into a {@link
 * HybridQuery}.)
 *
 * <p><b>Fields.</b> Words without a field are looked for in title, text and keywords at once.
 * {@code title} and {@code text} are analysed as the index is; {@code id} and keyword fields match
 * whole values as they are: {@code section:"General Help"}. Naming a field that the index does not
 * have is an error, and so is one of points that an application has added.
 *
 * <p><b>Ranges.</b> In a keyword field a range whose ends are numbers finds the keywords that are
 * numbers: {@code price:[1 TO 30]}, {@code n:[-5 TO *]}; see {@link
 * io.github.semblance.index.NumberValue}. One whose ends are ISO dates finds those that are dates,
 * and an end counts for as long as it says: {@code day:[2024-01 TO 2024-02-29]} ends with the last
 * moment of that day, and {@code day:{2024-01 TO 2024-03}} is February; see {@link
 * io.github.semblance.index.DateValue}. In a keyword field of an application's own, whole numbers
 * of up to nine digits compare as numbers. All other ranges compare text.
 *
 * <p><b>Patterns.</b> {@code *} is every document and {@code course:*} every one that has the
 * field; no other pattern may begin with a wildcard. Without a field, in {@code title} and in
 * {@code text}, patterns are matched with the words as they were written, in lower case, whatever
 * stems the analyzer makes of them; {@code word*} and {@code word~} find besides what the word
 * itself finds. In other fields they are matched with the terms. Regular expressions have no
 * intersections. Half a surrogate pair is read as U+FFFD. Patterns, parentheses, clauses and
 * semantic clauses are limited in number or length, so that no query takes more than its share of
 * memory and time.
 */
public final class SemanticQueryParser {
  /** Each costs an embedding and a search of the vectors. */
  private static final int MOST_MEANINGS = 10;

  private final SearchableFields fields;
  private final Analyzer analyzer;
  private final @Nullable TextEmbedder embedder;
  private final int k;
  private final float minSimilarity;

  /** A parser whose semantic clauses find up to 100 documents however distant. */
  public SemanticQueryParser(IndexReader reader, Analyzer analyzer, TextEmbedder embedder) {
    this(
        new SearchableFields(reader),
        analyzer,
        embedder,
        Answering.DEPTH,
        SemanticQuery.ANY_SIMILARITY);
  }

  /**
   * A parser for the fields of one index.
   *
   * @param reader whose fields queries may name
   * @param analyzer what the index was written with
   * @param embedder the index's model
   * @param k how many documents a semantic clause finds at most, at least 1
   * @param minSimilarity the least cosine of a document that a semantic clause finds, from -1 to 1
   */
  public SemanticQueryParser(
      IndexReader reader, Analyzer analyzer, TextEmbedder embedder, int k, float minSimilarity) {
    this(new SearchableFields(reader), analyzer, embedder, k, minSimilarity);
  }

  /** As above; without an embedder, semantic clauses are errors. */
  SemanticQueryParser(
      SearchableFields fields,
      Analyzer analyzer,
      @Nullable TextEmbedder embedder,
      int k,
      float minSimilarity) {
    this.fields = fields;
    this.analyzer = QueryGrammar.analyzer(fields, analyzer);
    this.embedder = embedder;
    this.k = k;
    this.minSimilarity = minSimilarity;
  }

  /**
   * Reads a query.
   *
   * @return a query that finds documents, never passages, and keeps Lucene's limit of clauses
   * @throws QuerySyntaxException if the text is no query of the grammar above
   */
  public Query parse(String text) throws QuerySyntaxException {
    return parse(text, null);
  }

  /**
   * Reads a query for the documents that a filter allows, among which semantic clauses search too.
   */
  Query parse(String text, @Nullable Query filter) throws QuerySyntaxException {
    Query query = new Reading(WellFormed.text(text)).query(filter);
    return filter == null
        ? query
        : new BooleanQuery.Builder().add(query, Occur.MUST).add(filter, Occur.FILTER).build();
  }

  /** One query being read. */
  private final class Reading {
    private final String text;
    private final QueryTokens tokens;
    private final QueryGrammar grammar;

    /** Semantic clauses and where they begin. */
    private final IdentityHashMap<SemanticQuery, Integer> meanings = new IdentityHashMap<>();

    Reading(String text) {
      this.text = text;
      this.tokens = new QueryTokens(text);
      this.grammar = new QueryGrammar(tokens, fields, analyzer, this::meaning);
    }

    Query query(@Nullable Query filter) throws QuerySyntaxException {
      Query query = parsed();
      requireFewClauses(query);
      return meanings.isEmpty() ? query : narrow(query, filter, false);
    }

    private Query parsed() throws QuerySyntaxException {
      if (text.isBlank()) {
        throw new QuerySyntaxException("the query must not be empty", 0, null);
      }
      try {
        Query query = grammar.TopLevelQuery(IndexSchema.CATCH_ALL);
        return query == null ? new MatchNoDocsQuery("no terms in the query") : query;
      } catch (ParseException e) {
        throw e.currentToken == null
            ? failure(e) // of a method that makes a query
            : unexpected(e.currentToken.next, e);
      } catch (QueryTokens.Refusal e) {
        throw new QuerySyntaxException(message(e), tokens.offset(), e);
      } catch (TokenMgrError e) {
        throw new QuerySyntaxException(
            "a quotation, range, regular expression or boost is not complete", tokens.offset(), e);
      } catch (IndexSearcher.TooManyClauses e) {
        throw new QuerySyntaxException(
            "a group must have at most " + IndexSearcher.getMaxClauseCount() + " clauses",
            tokens.clauseOffset(grammar.token),
            e);
      } catch (SearchRequestException
          | IllegalArgumentException
          | TooComplexToDeterminizeException e) {
        throw failure(e);
      }
    }

    private QuerySyntaxException failure(Exception e) {
      return new QuerySyntaxException(message(e), tokens.clauseOffset(grammar.token), e);
    }

    private static String message(Throwable e) {
      return Objects.requireNonNullElse(e.getMessage(), e.toString()).replaceFirst("\\.$", "");
    }

    private QuerySyntaxException unexpected(Token token, ParseException e) {
      return token.kind == QueryTokens.EOF
          ? new QuerySyntaxException("the query ends too soon", text.length(), e)
          : new QuerySyntaxException("unexpected \"" + token.image + "\"", token.beginColumn, e);
    }

    private Query meaning(String words) {
      if (embedder == null) {
        throw new SearchRequestException(
            "a semantic clause needs a model, which this search does without");
      }
      if (meanings.size() == MOST_MEANINGS) {
        throw new SearchRequestException(
            "at most " + MOST_MEANINGS + " semantic clauses are allowed");
      }
      if (words.isBlank()) {
        throw new SearchRequestException("a semantic clause must not be empty");
      }
      Embedding embedding = embedder.embedQuery(words);
      if (embedding.droppedTokens() > 0) {
        throw new SearchRequestException(
            "a semantic clause must fit the model's window, and this is "
                + embedding.droppedTokens()
                + " word pieces too long");
      }
      SemanticQuery query = new SemanticQuery(embedding.vector(), k, null, minSimilarity);
      meanings.put(query, tokens.clauseOffset(grammar.token));
      return query;
    }

    /** Counts as Lucene does before it searches, and fuzzy terms as what they can expand to. */
    private void requireFewClauses(Query query) throws QuerySyntaxException {
      AtomicInteger clauses = new AtomicInteger();
      query.visit(
          new QueryVisitor() {
            @Override
            public void visitLeaf(Query leaf) {
              clauses.addAndGet(leaf instanceof FuzzyQuery ? FuzzyQuery.defaultMaxExpansions : 1);
            }

            @Override
            public void consumeTerms(Query leaf, Term... terms) {
              visitLeaf(leaf);
            }

            @Override
            public void consumeTermsMatching(
                Query leaf, String field, Supplier<ByteRunAutomaton> automaton) {
              visitLeaf(leaf);
            }
          });
      int most = IndexSearcher.getMaxClauseCount();
      if (clauses.get() > most) {
        throw new QuerySyntaxException(
            "a query must have at most "
                + most
                + " clauses, a fuzzy term counting as "
                + FuzzyQuery.defaultMaxExpansions
                + ", got: "
                + clauses,
            0,
            null);
      }
    }

    /** Lets semantic clauses search among what the clauses beside and around them allow. */
    private Query narrow(Query query, @Nullable Query allowed, boolean prohibited)
        throws QuerySyntaxException {
      return switch (query) {
        case SemanticQuery semantic -> {
          if (prohibited) {
            throw new QuerySyntaxException(
                "a semantic clause cannot be prohibited: everything is close to some degree",
                meanings.getOrDefault(semantic, 0),
                null);
          }
          yield allowed == null ? semantic : semantic.among(allowed);
        }
        case BoostQuery boosted ->
            new BoostQuery(narrow(boosted.getQuery(), allowed, prohibited), boosted.getBoost());
        case BooleanQuery group -> {
          Query inside = allowedIn(group, allowed);
          BooleanQuery.Builder narrowed = new BooleanQuery.Builder();
          for (BooleanClause clause : group) {
            narrowed.add(
                narrow(clause.query(), inside, prohibited || clause.isProhibited()),
                clause.occur());
          }
          yield narrowed.build();
        }
        default -> query;
      };
    }

    private static @Nullable Query allowedIn(BooleanQuery group, @Nullable Query allowed) {
      BooleanQuery.Builder all =
          new BooleanQuery.Builder()
              .add(allowed == null ? IndexSchema.parents().getQuery() : allowed, Occur.FILTER);
      boolean restricts = false;
      for (BooleanClause clause : group) {
        if ((clause.isRequired() || clause.isProhibited()) && !hasMeaning(clause.query())) {
          all.add(clause.query(), clause.isProhibited() ? Occur.MUST_NOT : Occur.FILTER);
          restricts = true;
        }
      }
      return restricts ? all.build() : allowed;
    }

    private static boolean hasMeaning(Query query) {
      return switch (query) {
        case SemanticQuery semantic -> true;
        case BoostQuery boosted -> hasMeaning(boosted.getQuery());
        case BooleanQuery group ->
            group.clauses().stream().anyMatch(clause -> hasMeaning(clause.query()));
        default -> false;
      };
    }
  }
}
