package io.github.semblance.search;

/** What a {@link SearchRequest} asks. */
public sealed interface Question {

  /** What the person typed who asks, not blank; for messages and output. */
  String text();

  /** Words as a person types them: no operators, no syntax errors. */
  record Words(String text) implements Question {
    /** Refuses an empty query. */
    public Words {
      requireText(text);
    }
  }

  /** A query in the syntax that {@link SemanticQueryParser} documents. */
  record Syntax(String text) implements Question {
    /** Refuses an empty query. */
    public Syntax {
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
      requireText(text);
    }
  }

  private static void requireText(String text) {
    if (text.isBlank()) {
      throw new SearchRequestException("the query must not be empty");
    }
  }
}
