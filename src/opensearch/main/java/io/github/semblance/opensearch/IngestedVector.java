package io.github.semblance.opensearch;

import io.github.semblance.index.PassageVector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The value of a {@code semblance_vector} in a document: which model made it, where the passage is
 * in the text, of which text that was, and the vector as Base64 of its little-endian floats, a
 * third of the length of numbers in decimals. Immutable.
 *
 * @param fields that were embedded
 * @param hash of what they said
 */
record IngestedVector(
    String model, String fingerprint, TextFields fields, String hash, PassageVector passage) {
  private static final String MODEL = "model";
  static final String FINGERPRINT = "fingerprint";
  static final String TEXT_FIELDS = "text_fields";
  static final String TITLE_FIELD = "title_field";
  static final String HASH = "hash";
  private static final String START = "start";
  private static final String END = "end";
  private static final String FLOATS = "floats";
  static final Set<String> FIELDS =
      Set.of(MODEL, FINGERPRINT, TEXT_FIELDS, TITLE_FIELD, HASH, START, END, FLOATS);

  /** Beyond, the square of a vector's length is no float, and Lucene's cosine no number. */
  private static final double SHORTEST = 1e-10;

  private static final double LONGEST = 1e10;

  /** What {@link #parse} reads. */
  Map<String, Object> toMap() {
    float[] vector = passage.vector();
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    Map<String, Object> map = new HashMap<>();
    map.put(MODEL, model);
    map.put(FINGERPRINT, fingerprint);
    map.put(TEXT_FIELDS, fields.texts());
    map.put(TITLE_FIELD, fields.title());
    map.put(HASH, hash);
    map.put(START, passage.start());
    map.put(END, passage.end());
    map.put(FLOATS, Base64.getEncoder().encodeToString(bytes.array()));
    return map;
  }

  /**
   * Reads a document's value.
   *
   * @throws IllegalArgumentException if it is none of {@link #toMap}
   */
  static IngestedVector parse(Map<String, Object> map) {
    if (!map.keySet().equals(FIELDS)) {
      throw new IllegalArgumentException(
          "a vector must be an object with "
              + FIELDS.stream().sorted().toList()
              + ", as the ingest processor writes it, got: "
              + map.keySet().stream().sorted().toList());
    }
    int start = number(map, START);
    int end = number(map, END);
    if (start < 0 || end < start) {
      throw new IllegalArgumentException(
          "start and end must be offsets in a text, got: " + start + " and " + end);
    }
    return new IngestedVector(
        string(map, MODEL),
        string(map, FINGERPRINT),
        fieldsOf(map),
        string(map, HASH),
        new PassageVector(start, end, floats(string(map, FLOATS))));
  }

  /**
   * Which fields a document's value says to be of.
   *
   * @throws IllegalArgumentException if it says nothing of the kind
   */
  static TextFields fieldsOf(Map<?, ?> map) {
    return new TextFields(strings(map, TEXT_FIELDS), string(map, TITLE_FIELD));
  }

  private static float[] floats(String base64) {
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.remaining() % Float.BYTES != 0) {
      throw new IllegalArgumentException(
          "floats must hold a multiple of 4 bytes, got: " + bytes.remaining());
    }
    float[] floats = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(floats);
    double squares = 0;
    for (float one : floats) {
      squares += (double) one * one;
    }
    double length = Math.sqrt(squares);
    if (!(length >= SHORTEST && length <= LONGEST)) {
      throw new IllegalArgumentException(
          "floats must be a vector of a length from "
              + SHORTEST
              + " to "
              + LONGEST
              + ", got: "
              + length);
    }
    return floats;
  }

  private static String string(Map<?, ?> map, String field) {
    if (map.get(field) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException(field + " must be a string, got: " + map.get(field));
  }

  private static List<String> strings(Map<?, ?> map, String field) {
    if (map.get(field) instanceof List<?> list
        && list.stream().allMatch(String.class::isInstance)) {
      return list.stream().map(String.class::cast).toList();
    }
    throw new IllegalArgumentException(
        field + " must be a list of strings, got: " + map.get(field));
  }

  private static int number(Map<String, Object> map, String field) {
    if (map.get(field) instanceof Integer number) {
      return number;
    }
    throw new IllegalArgumentException(field + " must be an integer, got: " + map.get(field));
  }
}
