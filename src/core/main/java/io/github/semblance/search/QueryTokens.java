package io.github.semblance.search;

import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.lucene.queryparser.charstream.FastCharStream;
import org.apache.lucene.queryparser.classic.QueryParserTokenManager;
import org.apache.lucene.queryparser.classic.Token;
import org.apache.lucene.queryparser.classic.TokenMgrError;

/**
 * The tokens of Lucene's classic syntax in which {@code ~"…"}, where no term or phrase stands right
 * before it, is the phrase of a field called {@value #MEANING}. For one query.
 */
final class QueryTokens extends QueryParserTokenManager {
  static final String MEANING = "~";

  /** The parser recurs for each; more than a person writes, and far from the end of the stack. */
  private static final int MOST_PARENTHESES = 100;

  /** The boosts of nested groups multiply, and a score must remain a finite {@code float}. */
  private static final double MOST_BOOST = 1e30;

  private final List<Token> all = new ArrayList<>();
  private final Deque<Token> ahead = new ArrayDeque<>();
  private int open;
  private double boosts = 1;

  QueryTokens(String text) {
    super(new FastCharStream(new StringReader(text)));
  }

  @Override
  public Token getNextToken() {
    Token token = ahead.isEmpty() ? super.getNextToken() : ahead.remove();
    if (token.kind == FUZZY_SLOP && token.image.equals("~") && !endsTermAt(token.beginColumn)) {
      Token text = super.getNextToken();
      if (text.kind == QUOTED && text.beginColumn == token.endColumn) {
        ahead.add(like(token, COLON));
        ahead.add(text);
        token = like(token, TERM);
      } else {
        ahead.add(text);
      }
    }
    switch (token.kind) {
      case LPAREN -> {
        if (++open > MOST_PARENTHESES) {
          throw new Refusal("at most " + MOST_PARENTHESES + " parentheses may be open");
        }
      }
      case RPAREN -> open--;
      case NUMBER -> {
        boosts *= Math.max(1, Double.parseDouble(token.image));
        if (boosts > MOST_BOOST) {
          throw new Refusal("the boosts of a query must multiply to at most " + MOST_BOOST);
        }
      }
      default -> {}
    }
    all.add(token);
    return token;
  }

  /** A query that would take too much, in the only form in which a token manager may refuse it. */
  static final class Refusal extends TokenMgrError {
    private static final long serialVersionUID = 1L;

    private Refusal(String message) {
      super(message, LEXICAL_ERROR);
    }
  }

  private boolean endsTermAt(int column) {
    if (all.isEmpty() || all.getLast().endColumn != column) {
      return false;
    }
    return switch (all.getLast().kind) {
      case TERM, QUOTED, PREFIXTERM, WILDTERM, REGEXPTERM, STAR, NUMBER -> true;
      default -> false;
    };
  }

  private static Token like(Token tilde, int kind) {
    Token token = Token.newToken(kind, MEANING);
    token.beginColumn = tilde.beginColumn;
    token.endColumn = tilde.endColumn;
    return token;
  }

  /** Where the last token begins that was taken from the text. */
  int offset() {
    return input_stream.getBeginColumn();
  }

  /**
   * Where a clause begins: at its field or else at its term.
   *
   * @param last the clause's last token
   */
  int clauseOffset(Token last) {
    int at = all.lastIndexOf(last);
    while (at > 0 && isWithinClause(all.get(at).kind)) {
      at--;
    }
    if (at >= 2 && all.get(at - 1).kind == COLON) {
      at -= 2;
    }
    return at < 0 ? 0 : all.get(at).beginColumn;
  }

  private static boolean isWithinClause(int kind) {
    return switch (kind) {
      case CARAT,
          NUMBER,
          FUZZY_SLOP,
          RANGE_TO,
          RANGE_GOOP,
          RANGE_QUOTED,
          RANGEIN_END,
          RANGEEX_END ->
          true;
      default -> false;
    };
  }
}
