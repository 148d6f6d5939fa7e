package io.github.semblance.bert.checkpoint;

import static io.github.semblance.bert.checkpoint.TokenizerFile.LONGEST_PIECE;
import static io.github.semblance.bert.checkpoint.TokenizerFile.MOST_PIECES;

import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The pieces of a tokenizer's model and their ids. For one thread. */
final class Vocabulary {
  /** The time for a word grows with its square; 100 is what published models have. */
  private static final int LONGEST_WORD = 256;

  private static final int MOST_MERGES = 2 * MOST_PIECES;
  private static final double GREATEST_SCORE = 1e12;

  private final Map<String, Integer> ids = new HashMap<>();

  /** How many pieces the model has, added tokens left out. */
  private int modelSize;

  private Vocabulary() {}

  /** Reads and checks the section {@code model}. */
  static Vocabulary of(TokenizerNode model) throws CheckpointException {
    model.requireObject();
    Vocabulary vocabulary = new Vocabulary();
    switch (type(model)) {
      case "WordPiece" -> vocabulary.wordPiece(model);
      case "WordLevel" -> {
        vocabulary.readMap(model.at("vocab"));
        vocabulary.requireKnown(model.at("unk_token"));
      }
      case "BPE" -> vocabulary.bytePairs(model);
      case "Unigram" -> vocabulary.unigram(model);
      default ->
          throw model
              .at("type")
              .refusal("a model must be one of WordPiece, BPE, Unigram and WordLevel");
    }
    vocabulary.modelSize = vocabulary.ids.size();
    return vocabulary;
  }

  /** Old files of byte pairs and of word pieces do not say what they are. */
  private static String type(TokenizerNode model) throws CheckpointException {
    if (model.json().has("type")) {
      return model.at("type").string(1, 64);
    }
    return model.json().has("merges")
        ? "BPE"
        : model.json().has("max_input_chars_per_word") ? "WordPiece" : "";
  }

  /** The id of a piece or an added token; -1 if there is none. */
  int id(String piece) {
    return ids.getOrDefault(piece, -1);
  }

  boolean contains(String piece) {
    return ids.containsKey(piece);
  }

  int modelSize() {
    return modelSize;
  }

  void put(String addedToken, int id) {
    ids.put(addedToken, id);
  }

  private void wordPiece(TokenizerNode model) throws CheckpointException {
    readMap(model.at("vocab"));
    requireKnown(model.at("unk_token"));
    model.at("continuing_subword_prefix").string(0, 16);
    model.at("max_input_chars_per_word").integer(1, LONGEST_WORD);
  }

  private void readMap(TokenizerNode vocab) throws CheckpointException {
    vocab.requireObject();
    requireSize(vocab);
    for (Map.Entry<String, JsonNode> piece : vocab.json().properties()) {
      JsonNode id = piece.getValue();
      if (piece.getKey().isEmpty() || piece.getKey().length() > LONGEST_PIECE) {
        throw at(vocab, piece).refusal("a piece must have 1 to " + LONGEST_PIECE + " characters");
      }
      if (!id.isInt() || id.intValue() < 0 || id.intValue() >= MOST_PIECES) {
        throw at(vocab, piece).refusal("an id must be an integer from 0 to " + (MOST_PIECES - 1));
      }
      ids.put(piece.getKey(), id.intValue());
    }
    if (ids.values().stream().distinct().count() < ids.size()) {
      throw vocab.refusal("each piece must have an id of its own");
    }
  }

  private static TokenizerNode at(TokenizerNode vocab, Map.Entry<String, JsonNode> piece) {
    String name = piece.getKey();
    return vocab.at(name.length() > 80 ? name.substring(0, 80) + "…" : name).with(piece.getValue());
  }

  private static void requireSize(TokenizerNode vocab) throws CheckpointException {
    if (vocab.json().isEmpty() || vocab.json().size() > MOST_PIECES) {
      throw vocab.refusal("a vocabulary must have 1 to " + MOST_PIECES + " pieces");
    }
  }

  private void requireKnown(TokenizerNode token) throws CheckpointException {
    if (!contains(token.string(1, LONGEST_PIECE))) {
      throw token.refusal("the token for what is unknown must stand in model.vocab");
    }
  }

  private void bytePairs(TokenizerNode model) throws CheckpointException {
    readMap(model.at("vocab"));
    if (!model.at("unk_token").isAbsent()) {
      requireKnown(model.at("unk_token"));
    }
    TokenizerNode dropout = model.at("dropout");
    if (!dropout.isAbsent() && !(dropout.json().isNumber() && dropout.json().doubleValue() == 0)) {
      throw dropout.refusal("dropout must be null, or a text would get another vector each time");
    }
    String prefix = affix(model.at("continuing_subword_prefix"));
    affix(model.at("end_of_word_suffix"));
    for (String flag : new String[] {"fuse_unk", "byte_fallback", "ignore_merges"}) {
      model.at(flag).bool(false);
    }
    merges(model.at("merges"), prefix);
  }

  private static String affix(TokenizerNode affix) throws CheckpointException {
    return affix.isAbsent() ? "" : affix.string(0, 16);
  }

  private void merges(TokenizerNode merges, String prefix) throws CheckpointException {
    JsonNode list = merges.json();
    if (!list.isArray() || list.size() > MOST_MERGES) {
      throw merges.refusal("a list of at most " + MOST_MERGES + " merges is expected");
    }
    for (int i = 0; i < list.size(); i++) {
      String[] pair = pair(list.get(i));
      if (pair.length != 2 || !contains(pair[0]) || !contains(pair[1])) {
        throw merges.at(i).refusal("a merge must be of two pieces of model.vocab");
      }
      // Native code takes as many bytes off the second as the prefix has, whatever they are.
      if (!pair[1].startsWith(prefix)) {
        throw merges.at(i).refusal("the second piece must begin with \"" + prefix + "\"");
      }
      if (!contains(pair[0] + pair[1].substring(prefix.length()))) {
        throw merges.at(i).refusal("what a merge makes must stand in model.vocab");
      }
    }
  }

  private static String[] pair(JsonNode merge) {
    if (merge.isString()) {
      return merge.asString().split(" ", -1);
    }
    return merge.isArray()
            && merge.size() == 2
            && merge.get(0).isString()
            && merge.get(1).isString()
        ? new String[] {merge.get(0).asString(), merge.get(1).asString()}
        : new String[0];
  }

  private void unigram(TokenizerNode model) throws CheckpointException {
    TokenizerNode vocab = model.at("vocab");
    JsonNode list = vocab.json();
    if (!list.isArray()) {
      throw vocab.refusal("a list of pieces is expected");
    }
    requireSize(vocab);
    for (int i = 0; i < list.size(); i++) {
      JsonNode piece = list.get(i);
      if (!piece.isArray() || piece.size() != 2 || !piece.get(0).isString()) {
        throw vocab.at(i).refusal("a piece must be a string and its score");
      }
      String text = piece.get(0).asString();
      if (text.isEmpty() || text.length() > LONGEST_PIECE) {
        throw vocab.at(i).refusal("a piece must have 1 to " + LONGEST_PIECE + " characters");
      }
      JsonNode score = piece.get(1);
      if (!score.isNumber() || !(Math.abs(score.doubleValue()) <= GREATEST_SCORE)) {
        throw vocab.at(i).refusal("a score must be a number within ±" + GREATEST_SCORE);
      }
      if (ids.put(text, i) != null) {
        throw vocab.at(i).refusal("no piece may stand twice");
      }
    }
    model.at("unk_id").integer(0, list.size() - 1);
    model.at("byte_fallback").bool(false);
  }
}
