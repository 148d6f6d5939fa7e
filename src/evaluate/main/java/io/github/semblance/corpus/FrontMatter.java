package io.github.semblance.corpus;

import io.github.semblance.corpus.RawRecord.Kind;
import io.github.semblance.corpus.RawRecord.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * The YAML between two lines of {@code ---} at the beginning of a text, and what comes after it.
 * The only class that names the YAML parser, of which it takes the tree: values keep their
 * spelling, because 1.10 is a version more often than it is 1.1. Immutable.
 *
 * @param fields by name, nested ones with a dot, one level deep, as in JSON
 * @param body the text after it
 */
record FrontMatter(Map<String, Value> fields, String body) {
  /** In characters: far more than any that people write. */
  private static final int LONGEST = 1 << 16;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setCodePointLimit(LONGEST).setMaxAliasesForCollections(20).build();

  /**
   * Divides a text; one that only looks as if it had front matter has none.
   *
   * @throws RejectedFileException if it is no YAML, or too much of it
   */
  static FrontMatter of(String text) throws RejectedFileException {
    int from = afterMarker(text, 0, "---");
    if (from < 0) {
      return new FrontMatter(Map.of(), text);
    }
    int at = from;
    while (at < text.length()) {
      int body = afterMarker(text, at, "---");
      body = body < 0 ? afterMarker(text, at, "...") : body;
      if (body >= 0) {
        return parsed(text, text.substring(from, at), text.substring(body));
      }
      int end = text.indexOf('\n', at);
      at = end < 0 ? text.length() : end + 1;
    }
    return new FrontMatter(Map.of(), text);
  }

  /** The offset after a line that is nothing but a marker; -1 if another line stands there. */
  private static int afterMarker(String text, int at, String marker) {
    if (!text.startsWith(marker, at)) {
      return -1;
    }
    int end = at + marker.length();
    while (end < text.length() && text.charAt(end) != '\n') {
      if (!Character.isWhitespace(text.charAt(end))) {
        return -1;
      }
      end++;
    }
    return Math.min(end + 1, text.length());
  }

  private static FrontMatter parsed(String text, String yaml, String body)
      throws RejectedFileException {
    if (yaml.length() > LONGEST) {
      throw new RejectedFileException(
          "the front matter is longer than " + LONGEST + " characters", 1, null);
    }
    Node root;
    try {
      root = new Compose(SETTINGS).composeString(yaml).orElse(null);
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark();
      throw new RejectedFileException(
          "the front matter is no YAML: " + e.getProblem(),
          mark.map(place -> place.getLine() + 2L).orElse(1L),
          e);
    } catch (YamlEngineException e) {
      throw new RejectedFileException(
          "the front matter is no YAML: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
          1,
          e);
    }
    if (root == null) {
      return new FrontMatter(Map.of(), body);
    }
    if (!(root instanceof MappingNode map)) {
      // Two thematic breaks of Markdown.
      return new FrontMatter(Map.of(), text);
    }
    Map<String, Value> fields = new LinkedHashMap<>();
    put(fields, "", map);
    return new FrontMatter(fields, body);
  }

  private static void put(Map<String, Value> fields, String above, MappingNode map)
      throws RejectedFileException {
    Set<String> names = new HashSet<>();
    for (NodeTuple field : map.getValue()) {
      if (!(field.getKeyNode() instanceof ScalarNode key)) {
        continue; // it has no name to filter by
      }
      if (!names.add(key.getValue())) {
        throw new RejectedFileException(
            "the front matter has \"" + above + key.getValue() + "\" twice",
            key.getStartMark().map(place -> place.getLine() + 2L).orElse(1L),
            null);
      }
      String name = above + key.getValue();
      switch (field.getValueNode()) {
        case ScalarNode scalar -> {
          if (!scalar.getTag().equals(Tag.NULL)) {
            fields.put(name, Value.string(scalar.getValue()));
          }
        }
        case SequenceNode list -> fields.put(name, list(list));
        case MappingNode inner -> {
          if (above.isEmpty()) {
            put(fields, name + ".", inner);
          } else {
            fields.put(name, new Value(Kind.NESTED, List.of()));
          }
        }
        default -> fields.put(name, new Value(Kind.NESTED, List.of()));
      }
    }
  }

  private static Value list(SequenceNode list) {
    List<String> scalars = new ArrayList<>();
    for (Node element : list.getValue()) {
      if (!(element instanceof ScalarNode scalar)) {
        return new Value(Kind.NESTED, List.of());
      }
      if (!scalar.getTag().equals(Tag.NULL)) {
        scalars.add(scalar.getValue());
      }
    }
    return new Value(Kind.ARRAY, scalars);
  }
}
