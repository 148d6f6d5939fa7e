package io.github.semblance.bert.checkpoint;

import java.util.ArrayList;
import java.util.List;

/**
 * Checks the components that change or cut a text before the model sees it, and remembers what the
 * normalizers may do to it. For one file.
 */
final class TokenizerSteps {
  /** How many times as long as it was a text may be for the model. */
  private static final int MOST_GROWTH = 1024;

  /** A character of NFKC becomes up to 18, one of NFC up to 4. */
  private static final int COMPATIBILITY_GROWTH = 18;

  private static final int COMPOSITION_GROWTH = 4;

  private static final int LONGEST_CONTENT = 64;

  private final List<CharacterMap> maps = new ArrayList<>();
  private long growth = 1;
  private boolean deletes;
  private boolean replacesByNothing;

  void normalizer(TokenizerNode normalizer) throws CheckpointException {
    new TokenizerFile.Chain("normalizers").walk(normalizer, this::normalizerStep);
  }

  void preTokenizer(TokenizerNode preTokenizer) throws CheckpointException {
    new TokenizerFile.Chain("pretokenizers").walk(preTokenizer, this::preTokenizerStep);
  }

  void decoder(TokenizerNode decoder) throws CheckpointException {
    new TokenizerFile.Chain("decoders").walk(decoder, this::decoderStep);
  }

  /**
   * Whether normalizers are sure to leave something of a token, for which native code then looks;
   * nothing at all it would find between all bytes of a text.
   */
  boolean leavesSomethingOf(String token) {
    if (!deletes) {
      return true;
    }
    int[] characters = token.codePoints().toArray();
    for (int i = 0; i < characters.length && !replacesByNothing; i++) {
      int character = characters[i];
      // Maps replace what belongs together as one; so it has to be known that nothing does here.
      boolean simple = character < 128 && (i + 1 == characters.length || characters[i + 1] < 128);
      if (isVisible(character)
          && maps.stream().noneMatch(map -> !simple || map.deletes((char) character))) {
        return true;
      }
    }
    return false;
  }

  /** No accent, white space, control or format character, which normalizers take away. */
  private static boolean isVisible(int character) {
    return switch (Character.getType(character)) {
      case Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> character != 0xFFFD;
    };
  }

  private void normalizerStep(TokenizerNode step, String type) throws CheckpointException {
    switch (type) {
      case "BertNormalizer" -> {
        step.at("clean_text").bool();
        step.at("handle_chinese_chars").bool();
        step.at("strip_accents").bool(false);
        step.at("lowercase").bool();
        deletes = true;
        grow(step, COMPOSITION_GROWTH);
      }
      case "Strip" -> {
        step.at("strip_left").bool();
        step.at("strip_right").bool();
        deletes = true;
      }
      case "StripAccents", "Nmt" -> deletes = true;
      case "NFC", "NFD" -> grow(step, COMPOSITION_GROWTH);
      case "NFKC", "NFKD" -> grow(step, COMPATIBILITY_GROWTH);
      case "Lowercase" -> grow(step, 2);
      case "ByteLevel" -> grow(step, COMPOSITION_GROWTH);
      case "Prepend" -> step.at("prepend").string(0, LONGEST_CONTENT);
      case "Replace" -> replace(step);
      case "Precompiled" -> {
        CharacterMap map = CharacterMap.parse(step.at("precompiled_charsmap"));
        maps.add(map);
        deletes = true;
        grow(step, map.growth());
      }
      default ->
          throw step.at("type")
              .refusal(
                  "a normalizer must be one of BertNormalizer, Strip, StripAccents, NFC, NFD, NFKC,"
                      + " NFKD, Sequence, Lowercase, Nmt, Precompiled, Replace, Prepend and"
                      + " ByteLevel");
    }
  }

  private void replace(TokenizerNode step) throws CheckpointException {
    int matched = TokenizerPattern.leastMatch(step.at("pattern"));
    String content = step.at("content").string(0, LONGEST_CONTENT);
    if (content.isEmpty()) {
      deletes = true;
      replacesByNothing = true;
    }
    grow(step, (content.length() + matched - 1) / matched);
  }

  private void grow(TokenizerNode step, int factor) throws CheckpointException {
    growth *= Math.max(1, factor);
    if (growth > MOST_GROWTH) {
      throw step.refusal(
          "normalizers must not make a text more than " + MOST_GROWTH + " times as long");
    }
  }

  private void preTokenizerStep(TokenizerNode step, String type) throws CheckpointException {
    switch (type) {
      case "BertPreTokenizer", "Whitespace", "WhitespaceSplit", "UnicodeScripts" -> {}
      case "ByteLevel" -> {
        byteLevel(step);
        grow(step, COMPOSITION_GROWTH);
      }
      case "Metaspace" -> metaspace(step);
      case "Digits" -> step.at("individual_digits").bool();
      case "Punctuation" -> behavior(step, true);
      case "Split" -> {
        TokenizerPattern.leastMatch(step.at("pattern"));
        behavior(step, false);
        step.at("invert").bool();
      }
      default ->
          throw step.at("type")
              .refusal(
                  "a pre-tokenizer must be one of BertPreTokenizer, ByteLevel, Metaspace,"
                      + " Whitespace, WhitespaceSplit, Sequence, Split, Punctuation, Digits and"
                      + " UnicodeScripts");
    }
  }

  static void byteLevel(TokenizerNode step) throws CheckpointException {
    for (String flag : new String[] {"add_prefix_space", "trim_offsets", "use_regex"}) {
      step.at(flag).bool(true);
    }
  }

  private static void metaspace(TokenizerNode step) throws CheckpointException {
    step.at("replacement").character();
    step.at("prepend_scheme").optionalOneOf("first", "never", "always");
    step.at("add_prefix_space").bool(true);
    step.at("split").bool(true);
  }

  private static void behavior(TokenizerNode step, boolean optional) throws CheckpointException {
    TokenizerNode behavior = step.at("behavior");
    if (!optional || !behavior.isAbsent()) {
      behavior.oneOf("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous");
    }
  }

  /** Nothing is decoded; but native code reads how it would be. */
  private void decoderStep(TokenizerNode step, String type) throws CheckpointException {
    switch (type) {
      case "Fuse", "ByteFallback" -> {}
      case "WordPiece" -> {
        step.at("prefix").string(0, LONGEST_CONTENT);
        step.at("cleanup").bool();
      }
      case "BPEDecoder" -> step.at("suffix").string(0, LONGEST_CONTENT);
      case "CTC" -> {
        step.at("pad_token").string(0, LONGEST_CONTENT);
        step.at("word_delimiter_token").string(0, LONGEST_CONTENT);
        step.at("cleanup").bool();
      }
      case "ByteLevel" -> byteLevel(step);
      case "Metaspace" -> metaspace(step);
      case "Replace" -> {
        TokenizerPattern.leastMatch(step.at("pattern"));
        step.at("content").string(0, LONGEST_CONTENT);
      }
      case "Strip" -> {
        step.at("content").character();
        step.at("start").integer(0, LONGEST_CONTENT);
        step.at("stop").integer(0, LONGEST_CONTENT);
      }
      default ->
          throw step.at("type")
              .refusal(
                  "a decoder must be one of WordPiece, ByteLevel, Metaspace, BPEDecoder, CTC,"
                      + " Sequence, Replace, Fuse, Strip and ByteFallback");
    }
  }
}
