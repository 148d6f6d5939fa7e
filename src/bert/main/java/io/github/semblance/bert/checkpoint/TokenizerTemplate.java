package io.github.semblance.bert.checkpoint;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Checks what puts special tokens around a text. */
final class TokenizerTemplate {
  private static final int LONGEST = 32;
  private static final int MOST_TYPES = 1 << 20;

  private final Vocabulary vocabulary;

  private TokenizerTemplate(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
  }

  static void check(TokenizerNode postProcessor, Vocabulary vocabulary) throws CheckpointException {
    new TokenizerFile.Chain("processors")
        .walk(postProcessor, new TokenizerTemplate(vocabulary)::step);
  }

  private void step(TokenizerNode step, String type) throws CheckpointException {
    switch (type) {
      case "ByteLevel" -> TokenizerSteps.byteLevel(step);
      case "BertProcessing" -> fixed(step);
      case "RobertaProcessing" -> {
        fixed(step);
        step.at("trim_offsets").bool();
        step.at("add_prefix_space").bool();
      }
      case "TemplateProcessing" -> {
        TokenizerNode special = step.at("special_tokens");
        specialTokens(special);
        template(step.at("single"), special.json(), false);
        template(step.at("pair"), special.json(), true);
      }
      default ->
          throw step.at("type")
              .refusal(
                  "a post-processor must be one of TemplateProcessing, BertProcessing,"
                      + " RobertaProcessing, ByteLevel and Sequence");
    }
  }

  /** Two tokens, each with its id. */
  private void fixed(TokenizerNode step) throws CheckpointException {
    for (String key : new String[] {"sep", "cls"}) {
      List<TokenizerNode> pair = step.at(key).list(2, 2);
      requireId(pair.get(0), pair.get(1));
    }
  }

  private void requireId(TokenizerNode token, TokenizerNode id) throws CheckpointException {
    int known = vocabulary.id(token.string(1, TokenizerFile.LONGEST_PIECE));
    if (known < 0) {
      throw token.refusal("a special token must stand in the vocabulary or in added_tokens");
    }
    if (id.integer(0, TokenizerFile.MOST_PIECES - 1) != known) {
      throw id.refusal("the token's id must be " + known);
    }
  }

  private void specialTokens(TokenizerNode special) throws CheckpointException {
    special.requireObject();
    if (special.json().size() > LONGEST) {
      throw special.refusal("there must be at most " + LONGEST + " special tokens");
    }
    for (Map.Entry<String, JsonNode> entry : special.json().properties()) {
      TokenizerNode token = special.at(entry.getKey());
      token.requireObject();
      if (!token.at("id").string(1, TokenizerFile.LONGEST_PIECE).equals(entry.getKey())) {
        throw token.at("id").refusal("the id must be \"" + entry.getKey() + "\"");
      }
      List<TokenizerNode> ids = token.at("ids").list(1, LONGEST);
      List<TokenizerNode> tokens = token.at("tokens").list(ids.size(), ids.size());
      for (int i = 0; i < ids.size(); i++) {
        requireId(tokens.get(i), ids.get(i));
      }
    }
  }

  /** Native code takes for granted that the text has its place, once, and tokens are listed. */
  private static void template(TokenizerNode template, JsonNode special, boolean pair)
      throws CheckpointException {
    int first = 0;
    int second = 0;
    for (TokenizerNode part : template.list(1, LONGEST)) {
      part.requireObject();
      if (part.json().size() != 1) {
        throw part.refusal("a part of a template must be one Sequence or one SpecialToken");
      }
      if (part.json().has("SpecialToken")) {
        TokenizerNode token = part.at("SpecialToken");
        token.requireObject();
        token.at("type_id").integer(0, MOST_TYPES);
        if (!special.has(token.at("id").string(1, TokenizerFile.LONGEST_PIECE))) {
          throw token.at("id").refusal("the token must be listed in special_tokens");
        }
      } else {
        TokenizerNode sequence = part.at("Sequence");
        sequence.requireObject();
        sequence.at("type_id").integer(0, MOST_TYPES);
        sequence.at("id").oneOf(pair ? new String[] {"A", "B"} : new String[] {"A"});
        if (sequence.at("id").json().asString().equals("A")) {
          first++;
        } else {
          second++;
        }
      }
    }
    if (first != 1 || second != (pair ? 1 : 0)) {
      throw template.refusal(
          pair
              ? "a template of pairs must name the sequences A and B once each"
              : "a template must name the sequence A once");
    }
  }
}
