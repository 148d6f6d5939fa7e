package io.github.semblance.search;

import io.github.semblance.embed.WellFormed;

/**
 * What a {@link SearchRequest} asks. Half a surrogate pair, as a cut emoji leaves it, is read as
 * U+FFFD, which no word has.
 */
public sealed interface Question {

  /** What the person typed who asks, not blank; for messages and output. */
  String text();

  /** Words as a person types them: no operators, no syntax errors. */
  record Words(String text) implements Question {
    /** Refuses an empty query. */
    public Words {
      text = WellFormed.text(text);
      requireText(text);
    }
  }

  /** A query in the syntax that {@link SemanticQueryParser} documents. */
  record Syntax(String text) implements Question {
    /** Refuses an empty query. */
    public Syntax {
      text = WellFormed.text(text);
      requireText(text);
    }
  }

  /**
   * What is close in meaning to a document of the index, that document left out.
   *
   * @param text the document's id
   */
  record Like(String text) implements Question {
    /** Refuses an empty id. */
    public Like {
      text = WellFormed.text(text);
      requireText(text);
    }
  }

  private static void requireText(String text) {
    if (text.isBlank()) {
      throw new SearchRequestException("the query must not be empty");
    }
  }
}
