package io.github.semblance.bert;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Sound {@code tokenizer.json} files of all kinds, and ways to change them. */
final class TokenizerFiles {
  /** Pieces that are kept of MiniLM's 30,522, so that thousands of mutants can be tried. */
  private static final int KEPT = 1200;

  private TokenizerFiles() {}

  static String resource(String name) {
    try (InputStream in = TokenizerFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ObjectNode tree(String json) {
    return (ObjectNode) JsonMapper.shared().readTree(json);
  }

  static ObjectNode wordPiece() {
    return tree(resource("word-piece-tokenizer.json"));
  }

  static ObjectNode byteLevel() {
    return tree(resource("byte-level-tokenizer.json"));
  }

  static ObjectNode unigram() {
    return tree(resource("unigram-tokenizer.json"));
  }

  /** MiniLM's own, with fewer pieces. */
  static ObjectNode miniLm() {
    ObjectNode file = tree(resource("/META-INF/semblance/all-minilm-l6-v2-tokenizer.json"));
    ObjectNode all = (ObjectNode) file.at("/model/vocab");
    all.retain(all.properties().stream().map(Map.Entry::getKey).limit(KEPT).toList());
    return file;
  }

  /** A Unigram tokenizer with a map of characters, as T5 and XLM-RoBERTa have. */
  static ObjectNode mapped(CharacterMapFile map) {
    ObjectNode file = unigram();
    ((ObjectNode) file.at("/normalizer/normalizers/0"))
        .put("type", "Precompiled")
        .put("precompiled_charsmap", map.base64());
    return file;
  }

  /** All of them. */
  static List<ObjectNode> all() {
    return new ArrayList<>(
        Arrays.asList(
            miniLm(), wordPiece(), byteLevel(), unigram(), mapped(CharacterMapFile.usual())));
  }

  /**
   * Puts a value in a place.
   *
   * @param pointer a JSON Pointer; of a list, one past the end or {@code -} appends
   * @param value null to remove what is there
   */
  static ObjectNode with(ObjectNode file, String pointer, @Nullable JsonNode value) {
    int slash = pointer.lastIndexOf('/');
    String key = pointer.substring(slash + 1);
    JsonNode parent = file.at(pointer.substring(0, slash));
    if (parent instanceof ObjectNode object) {
      if (value == null) {
        object.remove(key);
      } else {
        object.set(key, value);
      }
    } else if (parent instanceof ArrayNode array) {
      if (value == null) {
        array.remove(Integer.parseInt(key));
      } else if (key.equals("-")) {
        array.add(value);
      } else {
        array.set(Integer.parseInt(key), value);
      }
    } else {
      throw new IllegalArgumentException("no such place: " + pointer);
    }
    return file;
  }
}
