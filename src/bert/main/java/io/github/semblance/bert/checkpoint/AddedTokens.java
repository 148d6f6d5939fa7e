package io.github.semblance.bert.checkpoint;

import java.util.List;

/** Checks the tokens that stand beside a model's vocabulary. */
final class AddedTokens {
  /** mT5 and its like have some hundreds; native code compares each with each. */
  private static final int MOST = 10_000;

  private AddedTokens() {}

  /** Checks the section {@code added_tokens} and adds it to the vocabulary. */
  static void add(TokenizerNode tokens, Vocabulary vocabulary, TokenizerSteps steps)
      throws CheckpointException {
    if (tokens.json().isMissingNode()) {
      return;
    }
    List<TokenizerNode> list = tokens.list(0, MOST);
    TokenizerFile.Distinct contents = new TokenizerFile.Distinct();
    int greatest = -1;
    for (TokenizerNode token : list) {
      token.requireObject();
      String content = token.at("content").string(1, TokenizerFile.LONGEST_PIECE);
      contents.add(token.at("content"), content);
      int id = token.at("id").integer(0, TokenizerFile.MOST_PIECES - 1);
      for (String flag : new String[] {"single_word", "lstrip", "rstrip", "special"}) {
        token.at(flag).bool();
      }
      if (token.at("normalized").bool() && !steps.leavesSomethingOf(content)) {
        throw token
            .at("content")
            .refusal(
                "a normalized token must have a letter, digit or sign that the normalizer keeps");
      }
      // Native code numbers tokens itself, whatever the file says.
      int numbered =
          vocabulary.contains(content)
              ? vocabulary.id(content)
              : Math.max(greatest + 1, vocabulary.modelSize());
      if (id != numbered) {
        throw token.at("id").refusal("the token's id must be " + numbered);
      }
      greatest = Math.max(greatest, id);
      vocabulary.put(content, id);
    }
  }
}
