package io.github.semblance.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a request says, by name, whether it came in the address or as a JSON object. Immutable.
 *
 * <p>In JSON a value may be a string, a number, a boolean or a list of these; {@code {"field":
 * "value"}} and {@code {"field": ["value", …]}} stand for {@code field:value}.
 */
final class Arguments {
  private static final int MOST_VALUES = 1_000;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(10).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Map<String, List<String>> values;

  private Arguments(Map<String, List<String>> values) {
    this.values = values;
  }

  /**
   * Arguments of these names only.
   *
   * @throws RequestRefused if another is there
   */
  static Arguments of(Map<String, List<String>> values, List<String> known) {
    values.forEach(
        (name, all) -> {
          if (!known.contains(name)) {
            throw new RequestRefused(
                400,
                "no parameter \""
                    + name
                    + "\" here; "
                    + (known.isEmpty()
                        ? "there is none"
                        : "known are " + String.join(", ", known)));
          }
          if (all.size() > MOST_VALUES) {
            throw new RequestRefused(
                400, "at most " + MOST_VALUES + " values of \"" + name + "\", got: " + all.size());
          }
        });
    return new Arguments(values);
  }

  /**
   * Reads a JSON object.
   *
   * @throws RequestRefused if it is none, or has other names
   */
  static Arguments ofJson(String body, List<String> known) {
    JsonNode root;
    try {
      root = JSON.readTree(body);
    } catch (JacksonException e) {
      throw new RequestRefused(
          400, "the body must be a JSON object: " + e.getOriginalMessage() + place(e), e);
    }
    if (!root.isObject()) {
      throw new RequestRefused(400, "the body must be a JSON object, got: " + root.getNodeType());
    }
    Map<String, List<String>> values = new LinkedHashMap<>();
    root.properties()
        .forEach(property -> add(values, property.getKey(), "", property.getValue(), true));
    return of(values, known);
  }

  private static String place(JacksonException e) {
    return e.getLocation() == null
        ? ""
        : " at line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
  }

  private static void add(
      Map<String, List<String>> values, String name, String prefix, JsonNode value, boolean nest) {
    if (value.isNull()) {
      return;
    }
    if (value.isValueNode()) {
      values.computeIfAbsent(name, none -> new ArrayList<>()).add(prefix + value.asString());
    } else if (value.isArray() && (nest || !prefix.isEmpty())) {
      values.computeIfAbsent(name, none -> new ArrayList<>());
      value.forEach(element -> addPlain(values, name, prefix, element));
    } else if (value.isObject() && nest) {
      value
          .properties()
          .forEach(field -> add(values, name, field.getKey() + ":", field.getValue(), false));
    } else {
      throw tooDeep(name);
    }
  }

  private static void addPlain(
      Map<String, List<String>> values, String name, String prefix, JsonNode element) {
    if (!element.isValueNode() || element.isNull()) {
      throw tooDeep(name);
    }
    values.computeIfAbsent(name, none -> new ArrayList<>()).add(prefix + element.asString());
  }

  private static RequestRefused tooDeep(String name) {
    return new RequestRefused(
        400,
        "\""
            + name
            + "\" must be a string, a number, a boolean, a list of these, or an object with such"
            + " values");
  }

  List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  Optional<String> one(String name) {
    List<String> all = all(name);
    if (all.size() > 1) {
      throw new RequestRefused(400, "\"" + name + "\" must be given once, got: " + all.size());
    }
    return all.stream().findFirst();
  }

  String required(String name) {
    return one(name).orElseThrow(() -> new RequestRefused(400, "\"" + name + "\" is missing"));
  }

  Optional<Float> number(String name) {
    return one(name).map(text -> number(name, text));
  }

  private static float number(String name, String text) {
    try {
      return Float.parseFloat(text);
    } catch (NumberFormatException e) {
      throw new RequestRefused(400, "\"" + name + "\" must be a number, got: " + text, e);
    }
  }

  int whole(String name, int absent, int least, int most) {
    Optional<String> text = one(name);
    if (text.isEmpty()) {
      return absent;
    }
    try {
      int number = Integer.parseInt(text.get());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new RequestRefused(
        400,
        "\""
            + name
            + "\" must be a whole number from "
            + least
            + " to "
            + most
            + ", got: "
            + text.get());
  }

  boolean flag(String name) {
    return switch (one(name).orElse("false")) {
      case "true" -> true;
      case "false" -> false;
      case String other ->
          throw new RequestRefused(400, "\"" + name + "\" must be true or false, got: " + other);
    };
  }

  /** One of a few words. */
  String word(String name, List<String> words) {
    String word = one(name).orElse(words.getFirst());
    if (!words.contains(word)) {
      throw new RequestRefused(
          400, "\"" + name + "\" must be " + String.join(" or ", words) + ", got: " + word);
    }
    return word;
  }

  /** Passes on each {@code field:value} of a name. */
  void pairs(String name, BiConsumer<String, String> use) {
    for (String pair : all(name)) {
      int colon = pair.indexOf(':');
      if (colon < 1) {
        throw new RequestRefused(400, "\"" + name + "\" must be like field:value, got: " + pair);
      }
      use.accept(pair.substring(0, colon), pair.substring(colon + 1));
    }
  }

  /** Passes on each {@code field:number} of a name. */
  void weights(String name, BiConsumer<String, Float> use) {
    pairs(name, (field, weight) -> use.accept(field, number(name, weight)));
  }
}
