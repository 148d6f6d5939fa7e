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
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * The fields of one JSON object, read token by token so that numbers keep their spelling. An object
 * beyond a limit is read to its end all the same: what follows it in its file is not lost.
 */
final class JsonObjects {

  /** How many objects and arrays may stand around a value, its record included. */
  static final int DEEPEST = 500;

  static final int LONGEST_NUMBER = 1000;
  static final int LONGEST_NAME = 50_000;

  /** How many values, those of arrays counted each, a record may have. */
  static final int MOST_VALUES = 1_000_000;

  /**
   * The parser's own limits end a file, so they are wide: they only bound memory. Names are not
   * kept for other records, of which a file of hostile names would make too much.
   */
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(StrictUtf8Reader.LONGEST_RECORD)
                  .maxNumberLength(StrictUtf8Reader.LONGEST_RECORD)
                  .maxNameLength(StrictUtf8Reader.LONGEST_RECORD)
                  .maxNestingDepth(1_000_000)
                  .build())
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .build();

  private final JsonParser parser;
  private final Map<String, Value> fields = new LinkedHashMap<>();
  private int values;
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
      String name = name();
      JsonToken token = parser.nextToken();
      if (token == START_ARRAY && name.equals(arrayField)) {
        return true;
      }
      if (token == JsonToken.START_OBJECT) {
        while (parser.nextToken() != END_OBJECT) {
          String inner = name + "." + name();
          parser.nextToken();
          put(inner, value(2));
        }
      } else {
        put(name, value(1));
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

  private void put(String name, @Nullable Value value) {
    if (value == null || problem != null) {
      return;
    }
    check(name, name);
    value.values().forEach(string -> check(name, string));
    if (fields.put(name, value) != null) {
      reject("field \"" + name + "\" occurs twice");
    }
  }

  /** The first problem is the one to tell; the fields are of no use after it. */
  private void reject(String what) {
    if (problem == null) {
      problem = what;
      fields.clear();
    }
  }

  /** Half a pair has no UTF-8 form: the index would store a replacement character. */
  private void check(String name, String string) {
    for (int i = 0; i < string.length(); i++) {
      if (Character.isSurrogate(string.charAt(i))) {
        if (!Character.isSurrogatePair(
            string.charAt(i), i + 1 < string.length() ? string.charAt(i + 1) : ' ')) {
          reject("field \"" + name + "\" holds half a surrogate pair at character " + i);
          return;
        }
        i++;
      }
    }
  }

  /**
   * The value at the current token, which it reads to its end; null is as good as no field.
   *
   * @param depth how many objects are around it
   */
  private @Nullable Value value(int depth) {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> Value.string(string());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE ->
          new Value(Kind.LITERAL, List.of(string()));
      case VALUE_NULL -> null;
      case START_ARRAY -> array(depth + 1);
      default -> {
        skip(depth + 1);
        yield new Value(Kind.NESTED, List.of());
      }
    };
  }

  private Value array(int depth) {
    List<String> strings = new ArrayList<>();
    Kind kind = Kind.ARRAY;
    while (parser.nextToken() != END_ARRAY) {
      if (parser.currentToken().isStructStart()) {
        boolean object = parser.currentToken() == JsonToken.START_OBJECT;
        kind = object && kind != Kind.NESTED ? Kind.RECORDS : Kind.NESTED;
        skip(depth + 1);
      } else if (parser.currentToken() != JsonToken.VALUE_NULL) {
        String string = string();
        if (problem == null) {
          strings.add(string);
        }
      }
    }
    return new Value(kind, kind == Kind.ARRAY ? strings : List.of());
  }

  /** Reads on to the end of the object or array whose start the parser is at. */
  private void skip(int depth) {
    int open = depth;
    while (true) {
      if (open > DEEPEST) {
        reject("values must be nested at most " + DEEPEST + " deep; some are deeper");
      }
      JsonToken token = parser.nextToken();
      if (token.isStructStart()) {
        open++;
      } else if (token.isStructEnd()) {
        if (open == depth) {
          return;
        }
        open--;
      } else if (token == JsonToken.PROPERTY_NAME) {
        name();
      } else if (token.isNumeric()) {
        string();
      }
    }
  }

  private String name() {
    String name = parser.currentName();
    if (name.length() > LONGEST_NAME) {
      reject(
          "the name of a field must have at most "
              + LONGEST_NAME
              + " characters, got: "
              + name.length());
    }
    return name;
  }

  private String string() {
    if (parser.currentToken().isNumeric() && parser.getStringLength() > LONGEST_NUMBER) {
      reject(
          "a number must have at most "
              + LONGEST_NUMBER
              + " characters, got: "
              + parser.getStringLength());
      return "";
    }
    if (++values > MOST_VALUES) {
      reject("a record must have at most " + MOST_VALUES + " values");
    }
    return parser.getString();
  }
}
