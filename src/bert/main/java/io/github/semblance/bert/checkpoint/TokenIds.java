package io.github.semblance.bert.checkpoint;

import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Checks that every id a tokenizer can give has a row in the table of embeddings: the first text
 * with one that has none would fail, long after the model was loaded, with all that is embedded
 * with it.
 */
final class TokenIds {
  private final String source;
  private final int rows;
  private long greatest = -1;
  private String token = "";

  private TokenIds(String source, int rows) {
    this.source = source;
    this.rows = rows;
  }

  /**
   * Looks at the vocabulary, the added tokens and those that are put around every text.
   *
   * @param source names the tokenizer in messages
   * @param rows of the table of embeddings
   * @throws CheckpointException if an id is no whole number from 0 to below {@code rows}
   */
  static void requireWithin(String source, String tokenizerJson, int rows)
      throws CheckpointException {
    TokenIds ids = new TokenIds(source, rows);
    JsonNode tokenizer = TokenizerJson.parse(source, tokenizerJson);
    JsonNode vocabulary = tokenizer.path("model").path("vocab");
    for (Map.Entry<String, JsonNode> piece : vocabulary.properties()) {
      if (!piece.getKey().isEmpty()) { // a blank line at the end of vocab.txt is no piece of a text
        ids.see(piece.getKey(), piece.getValue());
      }
    }
    if (vocabulary.isArray() && vocabulary.size() > rows) { // ids are places
      throw ids.beyond(vocabulary.size() - 1L, vocabulary.path(vocabulary.size() - 1).toString());
    }
    for (JsonNode added : tokenizer.path("added_tokens")) {
      ids.see(added.path("content").asString(""), added.path("id"));
    }
    JsonNode post = tokenizer.path("post_processor");
    ids.seeAround(post);
    for (JsonNode step : post.path("processors")) {
      ids.seeAround(step);
    }
    if (ids.greatest >= rows) {
      throw ids.beyond(ids.greatest, ids.token);
    }
  }

  private CheckpointException beyond(long id, String name) {
    return new CheckpointException(
        String.format(
            Locale.ROOT,
            "%s: the greatest id of a token must be below %d, the rows of the table of embeddings"
                + " (vocab_size), got: %d (%s); weights and tokenizer are of different models",
            source,
            rows,
            id,
            Json.excerpt(name)));
  }

  /** A template names its special tokens with their ids; BERT's own way has them in two pairs. */
  private void seeAround(JsonNode step) throws CheckpointException {
    for (Map.Entry<String, JsonNode> special : step.path("special_tokens").properties()) {
      for (JsonNode id : special.getValue().path("ids")) {
        see(special.getKey(), id);
      }
    }
    for (String pair : new String[] {"cls", "sep"}) {
      JsonNode named = step.path(pair);
      if (named.isArray() && named.size() == 2) {
        see(named.path(0).asString(""), named.path(1));
      }
    }
  }

  private void see(String name, JsonNode id) throws CheckpointException {
    if (!id.isIntegralNumber() || !id.canConvertToLong() || id.longValue() < 0) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: the id of token %s must be a whole number from 0 to below %d, got: %s",
              source,
              Json.excerpt(name),
              rows,
              Json.excerpt(id)));
    }
    if (id.longValue() > greatest) {
      greatest = id.longValue();
      token = name;
    }
  }
}
