package io.github.semblance.bert.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code tokenizer_config.json} and {@code added_tokens.json} change of a tokenizer. As in
 * transformers, they win over {@code tokenizer.json}; where its class is BERT's own, or none is
 * named, keys that it leaves out have that class's defaults.
 *
 * @param file the configuration, for messages
 * @param config its content; missing where there is no file
 * @param added content of {@code added_tokens.json}; missing where there is no file
 */
record TokenizerConfig(Path file, JsonNode config, JsonNode added) {
  private static final Set<String> BERT =
      Set.of(
          "",
          "BertTokenizer",
          "BertTokenizerFast",
          "DistilBertTokenizer",
          "DistilBertTokenizerFast");

  /** Its normalizer is BERT's, its special tokens are not. */
  private static final Set<String> MPNET = Set.of("MPNetTokenizer", "MPNetTokenizerFast");

  /** Take the file as it is. */
  private static final Set<String> GENERIC = Set.of("PreTrainedTokenizerFast", "TokenizersBackend");

  private static final String ADDED = "added_tokens.json";

  /** Reads the files that are there. */
  static TokenizerConfig read(Path transformer) throws CheckpointException {
    Path file = transformer.resolve("tokenizer_config.json");
    return new TokenizerConfig(file, object(file), object(transformer.resolve(ADDED)));
  }

  private static JsonNode object(Path file) throws CheckpointException {
    Optional<JsonNode> json = JsonFile.read(file);
    if (json.isPresent() && !json.get().isObject()) {
      throw new CheckpointException(
          file + " must be a JSON object, got: " + json.get().getNodeType());
    }
    return json.orElse(MissingNode.getInstance());
  }

  /** How a {@code vocab.txt} is applied. */
  TokenizerJson.Normalization normalization() throws CheckpointException {
    JsonNode stripAccents = config.path("strip_accents");
    return new TokenizerJson.Normalization(
        bool("do_lower_case", true),
        stripAccents.isMissingNode() || stripAccents.isNull()
            ? Optional.empty()
            : Optional.of(bool("strip_accents", false)),
        bool("tokenize_chinese_chars", true));
  }

  /** Refuses a vocabulary that is for another way to cut words than BERT's. */
  void requireWordPieces() throws CheckpointException {
    String type = config.path("tokenizer_class").asString("");
    if (!BERT.contains(type) && !GENERIC.contains(type)) {
      throw new CheckpointException(
          file
              + ": the tokenizer_class of a vocab.txt must be BertTokenizer, got: "
              + type
              + "; use a model with tokenizer.json");
    }
  }

  /**
   * A tokenizer as these files want it, and the same text where they change nothing.
   *
   * @param source names the tokenizer in messages
   */
  String applied(String source, String tokenizerJson) throws CheckpointException {
    ObjectNode tokenizer = TokenizerJson.parse(source, tokenizerJson);
    requireKnownClass();
    boolean changed = false;
    boolean wordPieces = "WordPiece".equals(tokenizer.at("/model/type").asString(""));
    if (config.isObject() && wordPieces) {
      boolean bert = BERT.contains(type());
      changed |= (bert || MPNET.contains(type())) && normalize(tokenizer);
      changed |= bert && nameSpecialTokens(tokenizer);
    }
    changed |= prefixSpace(tokenizer);
    for (AddedToken token : addedTokens()) {
      changed |= add(tokenizer, token);
    }
    return changed ? tokenizer.toString() : tokenizerJson;
  }

  private String type() {
    return config.path("tokenizer_class").asString("");
  }

  /** It cuts words with a dictionary that no file of the model holds. */
  private void requireKnownClass() throws CheckpointException {
    if (type().startsWith("BertJapaneseTokenizer") || config.has("word_tokenizer_type")) {
      throw new CheckpointException(
          file
              + ": tokenizers that need a dictionary of words are not supported, got: "
              + type()
              + "; use a model with a tokenizer of word pieces alone");
    }
  }

  private boolean bool(String key, boolean otherwise) throws CheckpointException {
    JsonNode value = config.path(key);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.isBoolean()) {
      throw new CheckpointException(
          file + ": " + key + " must be true or false, got: " + Json.excerpt(value));
    }
    return value.booleanValue();
  }

  private boolean normalize(ObjectNode tokenizer) throws CheckpointException {
    TokenizerJson.Normalization wanted = normalization();
    JsonNode is = tokenizer.path("normalizer");
    boolean lowerCase = is.path("lowercase").asBoolean(false);
    if ("BertNormalizer".equals(is.path("type").asString(""))
        && is.path("clean_text").asBoolean(false)
        && lowerCase == wanted.lowerCase()
        && is.path("handle_chinese_chars").asBoolean(false) == wanted.splitChinese()
        && is.path("strip_accents").asBoolean(lowerCase)
            == wanted.stripAccents().orElse(wanted.lowerCase())) {
      return false;
    }
    tokenizer.set("normalizer", TokenizerJson.normalizer(wanted));
    return true;
  }

  private boolean nameSpecialTokens(ObjectNode tokenizer) throws CheckpointException {
    boolean changed = false;
    ObjectNode model = (ObjectNode) tokenizer.path("model");
    String unknown = token("unk_token");
    if (unknown != null && !unknown.equals(model.path("unk_token").asString(""))) {
      requireId(tokenizer, "unk_token", unknown);
      model.put("unk_token", unknown);
      changed = true;
    }
    String cls = token("cls_token");
    String sep = token("sep_token");
    if (cls != null || sep != null) {
      String first = cls == null ? "[CLS]" : cls;
      String last = sep == null ? "[SEP]" : sep;
      int firstId = requireId(tokenizer, "cls_token", first);
      int lastId = requireId(tokenizer, "sep_token", last);
      if (!surrounds(tokenizer.path("post_processor"), first, last)) {
        tokenizer.set("post_processor", TokenizerJson.template(first, firstId, last, lastId));
        changed = true;
      }
    }
    return changed;
  }

  private static boolean surrounds(JsonNode processor, String first, String last) {
    if ("BertProcessing".equals(processor.path("type").asString(""))) {
      return first.equals(processor.at("/cls/0").asString(""))
          && last.equals(processor.at("/sep/0").asString(""));
    }
    JsonNode single = processor.path("single");
    return single.size() == 3
        && first.equals(single.at("/0/SpecialToken/id").asString(""))
        && last.equals(single.at("/2/SpecialToken/id").asString(""));
  }

  /** A token's content, which may stand alone or with its flags. */
  private @Nullable String token(String key) {
    JsonNode value = config.path(key);
    JsonNode content = value.isObject() ? value.path("content") : value;
    return content.isString() ? content.asString() : null;
  }

  private int requireId(ObjectNode tokenizer, String key, String token) throws CheckpointException {
    JsonNode id = tokenizer.path("model").path("vocab").path(token);
    if (!id.isInt()) {
      throw new CheckpointException(
          file
              + ": the "
              + key
              + " must stand in the vocabulary, got: \""
              + token
              + "\"; fetch the model again");
    }
    return id.intValue();
  }

  private boolean prefixSpace(ObjectNode tokenizer) throws CheckpointException {
    if (config.path("add_prefix_space").isMissingNode()
        || config.path("add_prefix_space").isNull()) {
      return false;
    }
    boolean wanted = bool("add_prefix_space", false);
    if (tokenizer.path("pre_tokenizer") instanceof ObjectNode step
        && "ByteLevel".equals(step.path("type").asString(""))
        && step.path("add_prefix_space").asBoolean(true) != wanted) {
      step.put("add_prefix_space", wanted);
      return true;
    }
    return false;
  }

  /** A token beside the vocabulary, and the file that names it. */
  private record AddedToken(Path from, int id, String content, JsonNode flags) {}

  /** Those of the configuration, or else those of {@code added_tokens.json}, by id. */
  private List<AddedToken> addedTokens() throws CheckpointException {
    List<AddedToken> tokens = new ArrayList<>();
    JsonNode decoder = config.path("added_tokens_decoder");
    if (decoder.isObject()) {
      for (Map.Entry<String, JsonNode> entry : decoder.properties()) {
        JsonNode content = entry.getValue().path("content");
        if (!entry.getKey().matches("\\d{1,7}") || !content.isString()) {
          throw new CheckpointException(
              file
                  + ": added_tokens_decoder must give the content of a token by its id, got: "
                  + Json.excerpt(entry.getValue()));
        }
        tokens.add(
            new AddedToken(
                file, Integer.parseInt(entry.getKey()), content.asString(), entry.getValue()));
      }
    } else {
      Path from = file.resolveSibling(ADDED);
      for (Map.Entry<String, JsonNode> entry : added.properties()) {
        if (!entry.getValue().isInt()) {
          throw new CheckpointException(
              from + ": an id must be an integer, got: " + Json.excerpt(entry.getValue()));
        }
        tokens.add(
            new AddedToken(
                from, entry.getValue().intValue(), entry.getKey(), MissingNode.getInstance()));
      }
    }
    tokens.sort(Comparator.comparingInt(AddedToken::id));
    return tokens;
  }

  /** Adds a token that the tokenizer has not; one that it has must have the same id. */
  private static boolean add(ObjectNode tokenizer, AddedToken token) throws CheckpointException {
    JsonNode vocab = tokenizer.path("model").path("vocab");
    int next = vocab.size();
    for (JsonNode known : tokenizer.path("added_tokens")) {
      int id = known.path("id").asInt(-1);
      if (token.content().equals(known.path("content").asString(""))) {
        requireId(token, id);
        return false;
      }
      next = Math.max(next, id + 1);
    }
    requireId(token, vocab.isObject() ? vocab.path(token.content()).asInt(next) : token.id());
    boolean special = token.flags().path("special").asBoolean(false);
    ObjectNode object =
        tokenizer.path("added_tokens") instanceof ArrayNode list
            ? list.addObject()
            : tokenizer.putArray("added_tokens").addObject();
    object.put("id", token.id()).put("content", token.content());
    for (String flag : new String[] {"single_word", "lstrip", "rstrip"}) {
      object.put(flag, token.flags().path(flag).asBoolean(false));
    }
    object
        .put("normalized", token.flags().path("normalized").asBoolean(!special))
        .put("special", special);
    return true;
  }

  private static void requireId(AddedToken token, int id) throws CheckpointException {
    if (token.id() != id) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: the token \"%s\" must have the id %d, got: %d; fetch the model again",
              token.from(),
              token.content(),
              id,
              token.id()));
    }
  }
}
