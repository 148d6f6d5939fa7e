package io.github.semblance.bert.checkpoint;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Checks a {@code tokenizer.json} before native code sees it, because what the native code does not
 * expect ends the process.
 *
 * <p>Stateless and safe for use by many threads. What passes loads and tokenizes in time and memory
 * that grow with the text alone: components are of known kinds and few, templates are complete, ids
 * and pieces agree, sizes are bounded, and regular expressions are those of published models.
 * Anything else is refused with the JSON path, the rule and the value.
 */
public final class TokenizerFile {
  /** The greatest vocabulary in use, that of XLM-V, has 901,629 pieces. */
  static final int MOST_PIECES = 1 << 20;

  /** In characters; published pieces stay below 300. */
  static final int LONGEST_PIECE = 1024;

  /** In characters; the greatest tokenizer in use takes half of it. */
  private static final int MAX_LENGTH = 64 << 20;

  private static final Set<String> SECTIONS =
      Set.of(
          "version",
          "truncation",
          "padding",
          "added_tokens",
          "normalizer",
          "pre_tokenizer",
          "post_processor",
          "decoder",
          "model");

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxDocumentLength(MAX_LENGTH)
                          .maxNestingDepth(24)
                          .maxNumberLength(64)
                          .maxNameLength(LONGEST_PIECE)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .build();

  private TokenizerFile() {}

  /**
   * Refuses a tokenizer that native code must not see.
   *
   * @param source names the tokenizer in messages
   * @param json content of a {@code tokenizer.json}
   * @throws CheckpointException if it breaks a rule; the message names the place in the file
   */
  public static void requireSafe(String source, String json) throws CheckpointException {
    TokenizerNode file = new TokenizerNode(source, "", tree(source, json));
    file.requireKeys(SECTIONS);
    file.at("version").optionalOneOf("1.0");
    TokenizerSteps steps = new TokenizerSteps();
    steps.normalizer(file.at("normalizer"));
    steps.preTokenizer(file.at("pre_tokenizer"));
    steps.decoder(file.at("decoder"));
    Vocabulary vocabulary = Vocabulary.of(file.at("model"));
    AddedTokens.add(file.at("added_tokens"), vocabulary, steps);
    TokenizerTemplate.check(file.at("post_processor"), vocabulary);
    truncation(file.at("truncation"));
    padding(file.at("padding"));
  }

  private static JsonNode tree(String source, String json) throws CheckpointException {
    try {
      JsonNode tree = MAPPER.readTree(json);
      if (tree.isObject()) {
        return tree;
      }
      throw new CheckpointException(
          source + ": a tokenizer must be a JSON object, got: " + tree.getNodeType());
    } catch (JacksonException e) {
      throw new CheckpointException(
          source + ": the tokenizer must be JSON, got: " + e.getOriginalMessage(), e);
    }
  }

  /** Has no effect, since texts are cut elsewhere; but native code reads it. */
  private static void truncation(TokenizerNode truncation) throws CheckpointException {
    if (truncation.isAbsent()) {
      return;
    }
    truncation.requireObject();
    truncation.at("direction").optionalOneOf("Left", "Right");
    truncation.at("strategy").oneOf("LongestFirst", "OnlyFirst", "OnlySecond");
    int length = truncation.at("max_length").integer(0, MOST_PIECES);
    truncation.at("stride").integer(0, Math.max(0, length - 1));
  }

  /** Has no effect, since nothing is padded; but native code reads it. */
  private static void padding(TokenizerNode padding) throws CheckpointException {
    if (padding.isAbsent()) {
      return;
    }
    padding.requireObject();
    TokenizerNode strategy = padding.at("strategy");
    if (strategy.isObject()) {
      strategy.at("Fixed").integer(0, MOST_PIECES);
    } else {
      strategy.oneOf("BatchLongest");
    }
    padding.at("direction").oneOf("Left", "Right");
    if (!padding.at("pad_to_multiple_of").isAbsent()) {
      padding.at("pad_to_multiple_of").integer(1, MOST_PIECES);
    }
    padding.at("pad_id").integer(0, MOST_PIECES);
    padding.at("pad_type_id").integer(0, MOST_PIECES);
    padding.at("pad_token").string(0, LONGEST_PIECE);
  }

  /** What a chain of components may be made of, and how many there may be. */
  static final class Chain {
    private static final int MOST_STEPS = 16;
    private static final int DEEPEST = 3;

    private final String listName;
    private int steps;

    /**
     * The components of one kind.
     *
     * @param listName what a {@code Sequence} calls its list
     */
    Chain(String listName) {
      this.listName = listName;
    }

    /** One component that is no {@code Sequence}. */
    interface Step {
      void check(TokenizerNode node, String type) throws CheckpointException;
    }

    void walk(TokenizerNode node, Step step) throws CheckpointException {
      if (!node.isAbsent()) {
        walk(node, step, 0);
      }
    }

    private void walk(TokenizerNode node, Step step, int depth) throws CheckpointException {
      node.requireObject();
      String type = node.at("type").string(1, 64);
      if (!type.equals("Sequence")) {
        if (++steps > MOST_STEPS) {
          throw node.refusal("there must be at most " + MOST_STEPS + " components of a kind");
        }
        step.check(node, type);
        return;
      }
      if (depth == DEEPEST) {
        throw node.refusal("sequences must be nested at most " + DEEPEST + " deep");
      }
      List<TokenizerNode> inner = node.at(listName).list(0, MOST_STEPS);
      for (TokenizerNode each : inner) {
        walk(each, step, depth + 1);
      }
    }
  }

  /** A set of strings that are told apart from those seen before. */
  static final class Distinct {
    private final Set<String> seen = new HashSet<>();

    void add(TokenizerNode node, String value) throws CheckpointException {
      if (!seen.add(value)) {
        throw node.refusal("no content may stand twice");
      }
    }
  }
}
