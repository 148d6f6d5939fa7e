package io.github.semblance.opensearch;

import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.index.PassageVector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A passage's vector as it stands in a document's source, between the ingest processor and the
 * field: a JSON object with the model's name and fingerprint, the offsets of the passage in the
 * text, and the vector as Base64 of its little-endian floats, a third of the length of numbers in
 * decimals. Immutable.
 */
record IngestedVector(String model, String fingerprint, PassageVector passage) {
  private static final String MODEL = "model";
  private static final String FINGERPRINT = "fingerprint";
  private static final String START = "start";
  private static final String END = "end";
  private static final String FLOATS = "floats";
  private static final Set<String> FIELDS = Set.of(MODEL, FINGERPRINT, START, END, FLOATS);

  static IngestedVector of(EmbeddingModel model, PassageVector passage) {
    return new IngestedVector(model.name(), model.fingerprint(), passage);
  }

  /** What {@link #parse} reads. */
  Map<String, Object> toMap() {
    float[] vector = passage.vector();
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    Map<String, Object> map = new HashMap<>();
    map.put(MODEL, model);
    map.put(FINGERPRINT, fingerprint);
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
        new PassageVector(start, end, floats(string(map, FLOATS))));
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
    return floats;
  }

  private static String string(Map<String, Object> map, String field) {
    if (map.get(field) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException(field + " must be a string, got: " + map.get(field));
  }

  private static int number(Map<String, Object> map, String field) {
    if (map.get(field) instanceof Integer number) {
      return number;
    }
    throw new IllegalArgumentException(field + " must be an integer, got: " + map.get(field));
  }
}
