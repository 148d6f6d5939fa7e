package io.github.semblance.bert;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ContainerNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Damages tokenizers: their JSON nodes, now and then their bytes. A seed gives one mutant. */
final class TokenizerMutator {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int MOST_DAMAGES = 3;

  private static final long[] NUMBERS = {
    0,
    1,
    -1,
    2,
    3,
    4,
    100,
    255,
    256,
    1 << 16,
    1 << 20,
    1 << 24,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    (1L << 32) - 1,
    1L << 32,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private static final double[] REALS = {0.5, -0.0, 1e-320, 1e308, -1e308, 1e15, 3.0};

  private static final List<String> STRINGS =
      List.of(
          "",
          " ",
          "a",
          "x",
          "[CLS]",
          "[SEP]",
          "[UNK]",
          "<s>",
          "</s>",
          "<unk>",
          "[X]",
          "A",
          "B",
          "▁",
          "Ġ",
          "\u0301",
          "\u0000",
          "\uD83D\uDE80",
          "日",
          "é",
          "##",
          "##a",
          "\uD800",
          "a a",
          "\\",
          "(",
          "(a+)+$",
          "(a|aa)*$",
          " {2,}",
          "\\s+",
          "Left",
          "Right",
          "Fixed",
          "always",
          "never",
          "first",
          "Isolated",
          "Removed",
          "MergedWithNext",
          "Contiguous",
          "#".repeat(300));

  private static final List<String> TYPES =
      List.of(
          "BertNormalizer",
          "Strip",
          "StripAccents",
          "NFC",
          "NFD",
          "NFKC",
          "NFKD",
          "Sequence",
          "Lowercase",
          "Nmt",
          "Precompiled",
          "Replace",
          "Prepend",
          "ByteLevel",
          "BertPreTokenizer",
          "Metaspace",
          "Whitespace",
          "WhitespaceSplit",
          "Split",
          "Punctuation",
          "Digits",
          "UnicodeScripts",
          "FixedLength",
          "WordPiece",
          "BPE",
          "Unigram",
          "WordLevel",
          "TemplateProcessing",
          "BertProcessing",
          "RobertaProcessing",
          "CTC",
          "Fuse");

  /** Components to be put anywhere: each is sound somewhere. */
  private static final List<String> PARTS =
      List.of(
          "{\"type\":\"Replace\",\"pattern\":{\"String\":\"a\"},\"content\":\"aaaaaaaa\"}",
          "{\"type\":\"Replace\",\"pattern\":{\"String\":\"\"},\"content\":\"a\"}",
          "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\" {2,}\"},\"content\":\" \"}",
          "{\"type\":\"Replace\",\"pattern\":{\"String\":\"e\"},\"content\":\"\"}",
          "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"(a+)+$\"},\"content\":\"\"}",
          "{\"type\":\"Prepend\",\"prepend\":\"▁\"}",
          "{\"type\":\"Strip\",\"strip_left\":true,\"strip_right\":true}",
          "{\"type\":\"StripAccents\"}",
          "{\"type\":\"NFKD\"}",
          "{\"type\":\"NFC\"}",
          "{\"type\":\"Nmt\"}",
          "{\"type\":\"Lowercase\"}",
          "{\"type\":\"ByteLevel\"}",
          "{\"type\":\"ByteLevel\",\"add_prefix_space\":true,\"trim_offsets\":false,\"use_regex\":true}",
          "{\"type\":\"Metaspace\",\"replacement\":\"▁\",\"prepend_scheme\":\"first\",\"split\":false}",
          "{\"type\":\"Digits\",\"individual_digits\":true}",
          "{\"type\":\"Punctuation\",\"behavior\":\"Removed\"}",
          "{\"type\":\"UnicodeScripts\"}",
          "{\"type\":\"Whitespace\"}",
          "{\"type\":\"Split\",\"pattern\":{\"String\":\"a\"},\"behavior\":\"MergedWithNext\",\"invert\":true}",
          "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"\\\\s+\"},\"behavior\":\"Removed\",\"invert\":true}",
          "{\"type\":\"BertNormalizer\",\"clean_text\":true,\"handle_chinese_chars\":true,\"strip_accents\":null,\"lowercase\":true}",
          "{\"type\":\"Sequence\",\"normalizers\":[],\"pretokenizers\":[],\"processors\":[],\"decoders\":[]}",
          "{\"SpecialToken\":{\"id\":\"[CLS]\",\"type_id\":0}}",
          "{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}",
          "{\"Sequence\":{\"id\":\"B\",\"type_id\":1}}",
          "{\"id\":5000,\"content\":\"\u0301\",\"single_word\":false,\"lstrip\":true,\"rstrip\":true,\"normalized\":true,\"special\":false}",
          "{\"direction\":\"Right\",\"max_length\":0,\"strategy\":\"LongestFirst\",\"stride\":5}",
          "{\"max_length\":3,\"strategy\":\"OnlySecond\",\"stride\":2}");

  private final SplittableRandom random;

  TokenizerMutator(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** The text of a mutant of one of these files, which stay as they are. */
  String mutant(List<ObjectNode> files) {
    ObjectNode file = files.get(random.nextInt(files.size())).deepCopy();
    if (oneIn(6)) {
      return bytes(file.toString());
    }
    for (int i = random.nextInt(MOST_DAMAGES); i >= 0; i--) {
      damage(file);
    }
    return file.toString();
  }

  private boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  private void damage(ObjectNode file) {
    ContainerNode<?> parent = file;
    String key = "";
    while (true) {
      key = anyKey(parent);
      JsonNode child = child(parent, key);
      if (!(child instanceof ContainerNode<?> inner) || inner.isEmpty() || oneIn(5)) {
        break;
      }
      parent = inner;
    }
    JsonNode child = child(parent, key);
    switch (random.nextInt(7)) {
      case 0 -> remove(parent, key);
      case 1 -> set(parent, anyKey(parent), child.deepCopy());
      case 2 -> {
        String other = anyKey(parent);
        JsonNode swapped = child(parent, other).deepCopy();
        set(parent, other, child.deepCopy());
        set(parent, key, swapped);
      }
      case 3 -> set(parent, key, value());
      case 4 -> insert(parent, part());
      case 5 -> set(parent, key, oneIn(2) ? part() : wrapped(child));
      default -> set(parent, key, changed(child));
    }
  }

  private static String anyName(JsonNode object, int index) {
    return object.properties().stream().skip(index).findFirst().orElseThrow().getKey();
  }

  private String anyKey(ContainerNode<?> parent) {
    int index = random.nextInt(Math.max(1, parent.size()));
    return parent.isArray() || parent.isEmpty() ? Integer.toString(index) : anyName(parent, index);
  }

  private static JsonNode child(ContainerNode<?> parent, String key) {
    JsonNode child = parent.isArray() ? parent.path(Integer.parseInt(key)) : parent.path(key);
    return child.isMissingNode() ? NODES.nullNode() : child;
  }

  private static void remove(ContainerNode<?> parent, String key) {
    if (parent instanceof ObjectNode object) {
      object.remove(key);
    } else if (parent instanceof ArrayNode array && !array.isEmpty()) {
      array.remove(Integer.parseInt(key));
    }
  }

  private static void set(ContainerNode<?> parent, String key, JsonNode value) {
    if (parent instanceof ObjectNode object) {
      object.set(key, value);
    } else if (parent instanceof ArrayNode array && array.isEmpty()) {
      array.add(value);
    } else if (parent instanceof ArrayNode array) {
      array.set(Integer.parseInt(key), value);
    }
  }

  private void insert(ContainerNode<?> parent, JsonNode value) {
    switch (parent) {
      case ObjectNode object -> object.set(STRINGS.get(random.nextInt(STRINGS.size())), value);
      case ArrayNode array -> array.insert(random.nextInt(array.size() + 1), value);
      default -> {}
    }
  }

  private JsonNode wrapped(JsonNode child) {
    ObjectNode sequence = NODES.objectNode().put("type", "Sequence");
    String list =
        List.of("normalizers", "pretokenizers", "processors", "decoders").get(random.nextInt(4));
    ArrayNode inner = sequence.putArray(list);
    inner.add(child.deepCopy());
    for (int i = random.nextInt(4); i > 0; i--) {
      inner.add(part());
    }
    return sequence;
  }

  private JsonNode part() {
    if (oneIn(8)) {
      CharacterMapFile map = CharacterMapFile.usual();
      if (oneIn(2)) {
        map.units[random.nextInt(map.units.length)] = random.nextInt();
      } else {
        map.units[map.leaf()] ^= 1 << random.nextInt(32);
      }
      return NODES
          .objectNode()
          .put("type", "Precompiled")
          .put("precompiled_charsmap", map.base64());
    }
    return JsonMapper.shared().readTree(PARTS.get(random.nextInt(PARTS.size())));
  }

  private JsonNode value() {
    return switch (random.nextInt(8)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(random.nextBoolean());
      case 2 -> NODES.numberNode(NUMBERS[random.nextInt(NUMBERS.length)]);
      case 3 -> NODES.numberNode(REALS[random.nextInt(REALS.length)]);
      case 4 -> NODES.stringNode(TYPES.get(random.nextInt(TYPES.size())));
      case 5 -> NODES.arrayNode();
      case 6 -> NODES.objectNode();
      default -> NODES.stringNode(STRINGS.get(random.nextInt(STRINGS.size())));
    };
  }

  private JsonNode changed(JsonNode child) {
    if (child.isIntegralNumber() && child.canConvertToLong()) {
      return switch (random.nextInt(3)) {
        case 0 -> NODES.numberNode(child.asLong() + 1);
        case 1 -> NODES.numberNode(-child.asLong());
        default -> NODES.numberNode(NUMBERS[random.nextInt(NUMBERS.length)]);
      };
    }
    if (child.isBoolean()) {
      return NODES.booleanNode(!child.booleanValue());
    }
    if (child.isString() && !child.asString().isEmpty()) {
      String string = child.asString();
      int at = random.nextInt(string.length());
      String piece = STRINGS.get(random.nextInt(STRINGS.size()));
      return switch (random.nextInt(4)) {
        case 0 -> NODES.stringNode(string.substring(0, at) + string.substring(at + 1));
        case 1 -> NODES.stringNode(string.substring(0, at) + piece + string.substring(at));
        case 2 -> NODES.stringNode(string.substring(at));
        default -> NODES.stringNode(TYPES.get(random.nextInt(TYPES.size())));
      };
    }
    return value();
  }

  /** As decay does: bits, gaps, cuts, repetitions, other bytes. */
  private String bytes(String json) {
    byte[] file = json.getBytes(StandardCharsets.UTF_8);
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(file.length);
      int length = Math.min(file.length - at, 1 + random.nextInt(32));
      switch (random.nextInt(5)) {
        case 0 -> file[at] ^= (byte) (1 << random.nextInt(7));
        case 1 -> file[at] = (byte) "{}[],:\"\\0123456789-.etfnu ".charAt(random.nextInt(26));
        case 2 -> file = join(file, at, at + length);
        case 3 -> file = join(file, at + length, at);
        default -> file[at] = (byte) random.nextInt(128);
      }
    }
    if (oneIn(20)) {
      file = Arrays.copyOf(file, random.nextInt(file.length));
    }
    return new String(file, StandardCharsets.UTF_8);
  }

  private static byte[] join(byte[] file, int head, int tail) {
    byte[] joined = Arrays.copyOf(file, head + file.length - tail);
    System.arraycopy(file, tail, joined, head, file.length - tail);
    return joined;
  }

  /** Texts for each mutant: plain, accents, other scripts, emoji, white space, long words. */
  static List<String> texts() {
    List<String> texts =
        new ArrayList<>(
            List.of(
                "",
                "Can I still join the course?",
                "Café naïve A\u030angstro\u0308m ﬁ ½ é \u0301\u0301",
                "東京 日本語 한국어 \u1112\u1161\u11ab เมื่อ नमस्ते",
                "\uD83D\uDE80 \uD83D\uDC69\u200D\uD83D\uDC69\u200D\uD83D\uDC67 \uD800 end",
                "  \t\n\u0000\u200b\ufffd  ",
                "[CLS] [SEP][MASK] <s></s> <unk> [Q]",
                "a".repeat(5000),
                "aa ".repeat(1500) + "(".repeat(300),
                " ".repeat(3000) + "!"));
    texts.add("Some words of a longer text, with signs: 1/2, x_y, \uFDFA. ".repeat(60));
    return texts;
  }
}
