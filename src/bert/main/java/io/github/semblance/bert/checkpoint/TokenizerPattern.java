package io.github.semblance.bert.checkpoint;

import java.util.Set;

/**
 * What a component looks for in a text: a string, or one of the regular expressions that published
 * models have. Others may take forever, or end the process, on a text that is made for it.
 */
final class TokenizerPattern {
  private static final int LONGEST_STRING = 64;

  private static final int LONGEST_REGEX = 4096;

  private static final String CONTRACTIONS = "'s|'t|'re|'ve|'m|'ll|'d";
  private static final String ANY_CASE = "(?i:" + CONTRACTIONS + ")";
  private static final String END = "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static final Set<String> PUBLISHED =
      Set.of(
          // white space, line ends and single kinds of characters
          " ",
          " +",
          " {2,}",
          "\\s",
          "\\s+",
          "[ ]+",
          "\\n",
          "\\n+",
          "\\r\\n",
          "[\\r\\n]",
          "[\\r\\n]+",
          "\\t",
          "\\d",
          "\\d+",
          "\\d{1,3}",
          "[0-9]",
          "[0-9]+",
          "\\p{N}",
          "\\p{N}{1,3}",
          "\\p{P}",
          "\\p{L}+",
          "▁",
          "[^\\s]+",
          "\\S+",
          "\\w+|[^\\w\\s]+",
          // GPT-2, RoBERTa, ModernBERT
          CONTRACTIONS + "| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          // CLIP
          "<\\|startoftext\\|>|<\\|endoftext\\|>|"
              + CONTRACTIONS
              + "|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
          CONTRACTIONS + "|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
          // Llama 3, Qwen 2 and 3
          ANY_CASE
              + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
              + END,
          ANY_CASE + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*" + END);

  private TokenizerPattern() {}

  /** Checks a pattern and tells how many characters it matches at least. */
  static int leastMatch(TokenizerNode pattern) throws CheckpointException {
    pattern.requireObject();
    if (pattern.json().size() != 1) {
      throw pattern.refusal("a pattern must be one String or one Regex");
    }
    if (pattern.json().has("String")) {
      String string = pattern.at("String").string(1, LONGEST_STRING);
      return string.codePointCount(0, string.length());
    }
    TokenizerNode regex = pattern.at("Regex");
    if (!PUBLISHED.contains(regex.string(1, LONGEST_REGEX))) {
      throw regex.refusal(
          "a regular expression must be one that published models use; others may never end");
    }
    return regex.json().asString().equals(" {2,}") ? 2 : 1;
  }
}
