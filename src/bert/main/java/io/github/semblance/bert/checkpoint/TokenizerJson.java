package io.github.semblance.bert.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Builds and rewrites Hugging Face's {@code tokenizer.json}. */
final class TokenizerJson {
  private static final JsonMapper SORTED =
      JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();
  private static final List<String> SPECIAL_TOKENS =
      List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

  private TokenizerJson() {}

  /**
   * How a {@code vocab.txt} is applied.
   *
   * @param lowerCase {@code do_lower_case}
   * @param stripAccents {@code strip_accents}; empty to strip them where letters are lowered
   * @param splitChinese {@code tokenize_chinese_chars}
   */
  record Normalization(boolean lowerCase, Optional<Boolean> stripAccents, boolean splitChinese) {}

  /**
   * The {@code tokenizer.json} that transformers makes of a BERT vocabulary: one piece per line,
   * whose number is its id; of a piece that stands twice the later line counts.
   *
   * @param source names the vocabulary in messages
   * @throws CheckpointException if {@code [UNK]}, {@code [CLS]} or {@code [SEP]} is missing
   */
  static String ofVocabulary(String source, String vocabulary, Normalization normalization)
      throws CheckpointException {
    ObjectNode ids = SORTED.createObjectNode();
    List<String> pieces = new ArrayList<>();
    vocabulary.lines().forEach(pieces::add);
    for (int id = 0; id < pieces.size(); id++) {
      ids.put(pieces.get(id), id);
    }
    for (String required : List.of("[UNK]", "[CLS]", "[SEP]")) {
      if (!ids.has(required)) {
        throw new CheckpointException(
            source
                + ": a BERT vocabulary must have a line "
                + required
                + ", got "
                + pieces.size()
                + " lines without it");
      }
    }
    ObjectNode tokenizer = SORTED.createObjectNode();
    tokenizer.put("version", "1.0").putNull("truncation").putNull("padding");
    ArrayNode added = tokenizer.putArray("added_tokens");
    for (String token : SPECIAL_TOKENS) {
      if (ids.has(token)) {
        added
            .addObject()
            .put("id", ids.get(token).asInt())
            .put("content", token)
            .put("single_word", false)
            .put("lstrip", false)
            .put("rstrip", false)
            .put("normalized", false)
            .put("special", true);
      }
    }
    tokenizer.set("normalizer", normalizer(normalization));
    tokenizer.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
    tokenizer.set(
        "post_processor",
        template("[CLS]", ids.get("[CLS]").asInt(), "[SEP]", ids.get("[SEP]").asInt()));
    tokenizer
        .putObject("decoder")
        .put("type", "WordPiece")
        .put("prefix", "##")
        .put("cleanup", true);
    tokenizer
        .putObject("model")
        .put("type", "WordPiece")
        .put("unk_token", "[UNK]")
        .put("continuing_subword_prefix", "##")
        .put("max_input_chars_per_word", 100)
        .set("vocab", ids);
    return tokenizer.toString();
  }

  /** BERT's own, which also removes control characters and makes all white space blanks. */
  static ObjectNode normalizer(Normalization normalization) {
    return SORTED
        .createObjectNode()
        .put("type", "BertNormalizer")
        .put("clean_text", true)
        .put("handle_chinese_chars", normalization.splitChinese())
        .put("strip_accents", normalization.stripAccents().orElse(null))
        .put("lowercase", normalization.lowerCase());
  }

  /** {@code [CLS] A [SEP]} and {@code [CLS] A [SEP] B [SEP]}, with tokens of these names. */
  static ObjectNode template(String cls, int clsId, String sep, int sepId) {
    ObjectNode template = SORTED.createObjectNode().put("type", "TemplateProcessing");
    ArrayNode single = template.putArray("single");
    addToken(single, "SpecialToken", cls, 0);
    addToken(single, "Sequence", "A", 0);
    addToken(single, "SpecialToken", sep, 0);
    ArrayNode pair = template.putArray("pair");
    pair.addAll(single);
    addToken(pair, "Sequence", "B", 1);
    addToken(pair, "SpecialToken", sep, 1);
    ObjectNode special = template.putObject("special_tokens");
    addSpecial(special, cls, clsId);
    addSpecial(special, sep, sepId);
    return template;
  }

  private static void addToken(ArrayNode to, String kind, String id, int type) {
    to.addObject().putObject(kind).put("id", id).put("type_id", type);
  }

  private static void addSpecial(ObjectNode to, String token, int id) {
    ObjectNode special = to.putObject(token).put("id", token);
    special.putArray("ids").add(id);
    special.putArray("tokens").add(token);
  }

  /**
   * The same tokenizer over lower-cased text, as sentence-transformers reads it where {@code
   * sentence_bert_config.json} asks for that.
   */
  static String lowerCased(String source, String tokenizerJson) throws CheckpointException {
    ObjectNode tokenizer = parse(source, tokenizerJson);
    JsonNode normalizer = tokenizer.path("normalizer");
    if (normalizer.path("lowercase").asBoolean(false)) {
      return tokenizerJson;
    }
    ObjectNode sequence = SORTED.createObjectNode().put("type", "Sequence");
    ArrayNode steps = sequence.putArray("normalizers");
    steps.addObject().put("type", "Lowercase");
    if (normalizer.isObject()) {
      steps.add(normalizer);
    }
    tokenizer.set("normalizer", sequence);
    return tokenizer.toString();
  }

  /** One text for all spellings of a tokenizer, without what a window imposes on it. */
  static String canonical(String source, String tokenizerJson) throws CheckpointException {
    ObjectNode tokenizer = parse(source, tokenizerJson);
    tokenizer.remove(List.of("truncation", "padding"));
    return SORTED.writeValueAsString(tokenizer);
  }

  /**
   * Parses a {@code tokenizer.json}.
   *
   * @throws CheckpointException if it is not a JSON object with a model
   */
  static ObjectNode parse(String source, String tokenizerJson) throws CheckpointException {
    try {
      if (SORTED.readTree(tokenizerJson) instanceof ObjectNode tokenizer
          && tokenizer.path("model").isObject()) {
        return tokenizer;
      }
    } catch (JacksonException e) {
      throw new CheckpointException(
          source + ": the tokenizer must be JSON, got: " + e.getOriginalMessage(), e);
    }
    throw new CheckpointException(
        source + ": a tokenizer must be a JSON object with a \"model\", got none");
  }
}
