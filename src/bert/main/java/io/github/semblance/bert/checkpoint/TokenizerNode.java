package io.github.semblance.bert.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A value of a {@code tokenizer.json} that knows where it stands, to be named when it is refused.
 *
 * @param source names the tokenizer
 * @param path of the value within the file, as in {@code post_processor.single[2]}
 * @param json the value, or a missing node
 */
record TokenizerNode(String source, String path, JsonNode json) {
  private static final String ADVICE =
      "; fetch the model again or use the tokenizer.json that it was published with";

  TokenizerNode at(String key) {
    return new TokenizerNode(source, path.isEmpty() ? key : path + "." + key, json.path(key));
  }

  TokenizerNode at(int index) {
    return new TokenizerNode(source, path + "[" + index + "]", json.path(index));
  }

  /** Another value at the same place. */
  TokenizerNode with(JsonNode value) {
    return new TokenizerNode(source, path, value);
  }

  boolean isAbsent() {
    return json.isMissingNode() || json.isNull();
  }

  boolean isObject() {
    return json.isObject();
  }

  CheckpointException refusal(String rule) {
    return new CheckpointException(
        String.format(
            Locale.ROOT,
            "%s: %s: %s, got: %s%s",
            source,
            path.isEmpty() ? "the file" : path,
            rule,
            excerpt(),
            ADVICE));
  }

  private String excerpt() {
    return json.isContainer() && json.size() > 8
        ? json.getNodeType() + " of " + json.size()
        : Json.excerpt(json);
  }

  void requireObject() throws CheckpointException {
    if (!json.isObject()) {
      throw refusal("an object is expected");
    }
  }

  /** Refuses a key that is none of these. */
  void requireKeys(Set<String> known) throws CheckpointException {
    for (String key : json.propertyNames()) {
      if (!known.contains(key)) {
        throw at(key.length() > 80 ? key.substring(0, 80) + "…" : key)
            .with(json.path(key))
            .refusal("a tokenizer has no such section");
      }
    }
  }

  /** A string of so many characters. */
  String string(int least, int most) throws CheckpointException {
    String value = json.isString() ? json.asString() : null;
    if (value == null || value.length() < least || value.length() > most) {
      throw refusal("a string of " + least + " to " + most + " characters is expected");
    }
    return value;
  }

  /** A string that is one character, of whatever plane. */
  String character() throws CheckpointException {
    String value = string(1, 2);
    if (value.codePointCount(0, value.length()) != 1) {
      throw refusal("a single character is expected");
    }
    return value;
  }

  boolean bool() throws CheckpointException {
    if (!json.isBoolean()) {
      throw refusal("true or false is expected");
    }
    return json.booleanValue();
  }

  /** A boolean, or the value that holds where there is none. */
  boolean bool(boolean otherwise) throws CheckpointException {
    return isAbsent() ? otherwise : bool();
  }

  int integer(int least, int most) throws CheckpointException {
    if (!json.isInt() || json.intValue() < least || json.intValue() > most) {
      throw refusal("an integer from " + least + " to " + most + " is expected");
    }
    return json.intValue();
  }

  void optionalOneOf(String... allowed) throws CheckpointException {
    if (!isAbsent()) {
      oneOf(allowed);
    }
  }

  void oneOf(String... allowed) throws CheckpointException {
    if (!json.isString() || !List.of(allowed).contains(json.asString())) {
      throw refusal("one of " + String.join(", ", allowed) + " is expected");
    }
  }

  List<TokenizerNode> list(int least, int most) throws CheckpointException {
    if (!json.isArray() || json.size() < least || json.size() > most) {
      throw refusal("a list of " + least + " to " + most + " is expected");
    }
    List<TokenizerNode> nodes = new ArrayList<>(json.size());
    for (int i = 0; i < json.size(); i++) {
      nodes.add(at(i));
    }
    return nodes;
  }
}
