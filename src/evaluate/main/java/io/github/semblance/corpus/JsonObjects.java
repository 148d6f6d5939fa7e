package io.github.semblance.corpus;

import static tools.jackson.core.JsonToken.END_ARRAY;
import static tools.jackson.core.JsonToken.END_OBJECT;
import static tools.jackson.core.JsonToken.START_ARRAY;

import io.github.semblance.corpus.RawRecord.Kind;
import io.github.semblance.corpus.RawRecord.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** The fields of one JSON object, read token by token so that numbers keep their spelling. */
final class JsonObjects {

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(StrictUtf8Reader.LONGEST_RECORD)
                  .build())
          .build();

  private final JsonParser parser;
  private final Map<String, Value> fields = new LinkedHashMap<>();
  private @Nullable String problem;

  JsonObjects(JsonParser parser) {
    this.parser = parser;
  }

  /** Reads the object whose start the parser is at. */
  static RawRecord read(JsonParser parser, Location location) {
    JsonObjects object = new JsonObjects(parser);
    object.readUntil(null);
    return object.record(location);
  }

  /**
   * Reads on, to the end of the object or to the start of an array in the named field.
   *
   * @return whether the array was met
   */
  boolean readUntil(@Nullable String arrayField) {
    while (parser.nextToken() != END_OBJECT) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      if (token == START_ARRAY && name.equals(arrayField)) {
        return true;
      }
      if (token == JsonToken.START_OBJECT) {
        while (parser.nextToken() != END_OBJECT) {
          String inner = name + "." + parser.currentName();
          parser.nextToken();
          put(inner, value());
        }
      } else {
        put(name, value());
      }
    }
    return false;
  }

  /** The record that the fields read so far make. */
  RawRecord record(Location location) {
    return problem == null
        ? new RawRecord.Fields(location, fields)
        : RawRecord.rejected(location, problem);
  }

  /** This object's fields, and those of the object around it that it does not have. */
  RawRecord recordWithin(JsonObjects outer, Location location) {
    outer.fields.forEach(fields::putIfAbsent);
    problem = problem == null ? outer.problem : problem;
    return record(location);
  }

  /** What a user calls a value that starts with the token; null stands for none at all. */
  static String words(@Nullable JsonToken token) {
    return switch (token) {
      case null -> "nothing";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      default -> token.asString();
    };
  }

  /** A parser's complaint on one line. */
  static String describe(JacksonException e) {
    return e.getOriginalMessage().replaceAll("\\s*\\(start marker at [^)]*\\)", "").strip();
  }

  private void put(String name, @Nullable Value value) {
    if (value == null) {
      return;
    }
    check(name, name);
    value.values().forEach(string -> check(name, string));
    if (fields.put(name, value) != null) {
      problem = "field \"" + name + "\" occurs twice";
    }
  }

  /** Half a pair has no UTF-8 form: the index would store a replacement character. */
  private void check(String name, String string) {
    for (int i = 0; i < string.length(); i++) {
      if (Character.isSurrogate(string.charAt(i))) {
        if (!Character.isSurrogatePair(
            string.charAt(i), i + 1 < string.length() ? string.charAt(i + 1) : ' ')) {
          problem = "field \"" + name + "\" holds half a surrogate pair at character " + i;
          return;
        }
        i++;
      }
    }
  }

  /** The value at the current token, which it reads to its end; null is as good as no field. */
  private @Nullable Value value() {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> Value.string(parser.getString());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE ->
          new Value(Kind.LITERAL, List.of(parser.getString()));
      case VALUE_NULL -> null;
      case START_ARRAY -> array();
      default -> {
        parser.skipChildren();
        yield new Value(Kind.NESTED, List.of());
      }
    };
  }

  private Value array() {
    List<String> values = new ArrayList<>();
    Kind kind = Kind.ARRAY;
    while (parser.nextToken() != END_ARRAY) {
      if (parser.currentToken().isStructStart()) {
        kind = Kind.NESTED;
        parser.skipChildren();
      } else if (parser.currentToken() != JsonToken.VALUE_NULL) {
        values.add(parser.getString());
      }
    }
    return new Value(kind, kind == Kind.NESTED ? List.of() : values);
  }
}
