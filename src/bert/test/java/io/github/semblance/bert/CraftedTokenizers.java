package io.github.semblance.bert;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Tokenizers that somebody made to end the process, to stop it, or to fill its memory. */
final class CraftedTokenizers {
  /**
   * A file and what is said of it.
   *
   * @param name what was changed
   * @param json the file
   * @param message part of the refusal
   */
  record Crafted(String name, String json, String message) {}

  /** A kind of file, a place in it, what is put there, and part of the refusal. */
  private static final String TABLE =
      """
      W | /model | - | model: an object is expected
      W | /model/type | "Magic" | model.type: a model must be one of
      W | /model/type | 7 | model.type: a string of
      W | /model/vocab | {} | model.vocab: a vocabulary must have 1 to
      W | /model/vocab | [] | model.vocab: an object is expected
      W | /model/vocab | null | model.vocab: an object is expected
      W | /model/vocab/the | -1 | model.vocab.the: an id must be
      W | /model/vocab/the | 4294967295 | model.vocab.the: an id must be
      W | /model/vocab/the | 1.5 | model.vocab.the: an id must be
      W | /model/vocab/the | "5" | model.vocab.the: an id must be
      W | /model/vocab/the | 0 | model.vocab: each piece must have an id of its own
      W | /model/vocab/ | 950 | model.vocab.: a piece must have 1 to
      W | /model/vocab/[UNK] | - | model.unk_token: the token for what is unknown
      W | /model/unk_token | "[X]" | model.unk_token: the token for what is unknown
      W | /model/unk_token | null | model.unk_token: a string of
      W | /model/continuing_subword_prefix | 5 | model.continuing_subword_prefix: a string
      W | /model/continuing_subword_prefix | "#################" | a string of 0 to 16
      W | /model/max_input_chars_per_word | 0 | model.max_input_chars_per_word: an integer from 1
      W | /model/max_input_chars_per_word | -1 | model.max_input_chars_per_word: an integer from 1
      W | /model/max_input_chars_per_word | 100000000 | an integer from 1 to 256
      W | /post_processor/single/2/SpecialToken/id | "[X]" | post_processor.single[2].SpecialToken.id: the token must be listed
      W | /post_processor/single/1 | - | post_processor.single: a template must name the sequence A once
      W | /post_processor/single/1/Sequence/id | "B" | post_processor.single[1].Sequence.id: one of A
      W | /post_processor/single/1/Sequence/id | "C" | post_processor.single[1].Sequence.id: one of A
      W | /post_processor/single/- | {"Sequence":{"id":"A","type_id":0}} | must name the sequence A once
      W | /post_processor/single/- | {"Nothing":{}} | post_processor.single[3].Sequence: an object
      W | /post_processor/single/- | 7 | post_processor.single[3]: an object
      W | /post_processor/single/- | {} | a part of a template must be one
      W | /post_processor/single | [] | post_processor.single: a list of 1 to 32
      W | /post_processor/single | "$A" | post_processor.single: a list of 1 to 32
      W | /post_processor/single/0/SpecialToken/type_id | -1 | type_id: an integer from 0
      W | /post_processor/single/0/SpecialToken/type_id | 4294967296 | type_id: an integer from 0
      W | /post_processor/pair/1 | - | post_processor.pair: a template of pairs must name
      W | /post_processor/pair/3/Sequence/id | "A" | post_processor.pair: a template of pairs must name
      W | /post_processor/pair | - | post_processor.pair: a list of 1 to 32
      W | /post_processor/special_tokens | {} | post_processor.single[0].SpecialToken.id: the token must be listed
      W | /post_processor/special_tokens | - | post_processor.special_tokens: an object
      W | /post_processor/special_tokens/[CLS] | - | SpecialToken.id: the token must be listed
      W | /post_processor/special_tokens/[CLS]/ids | [] | ids: a list of 1 to 32
      W | /post_processor/special_tokens/[CLS]/ids | [2,3] | tokens: a list of 2 to 2
      W | /post_processor/special_tokens/[CLS]/ids/0 | 7 | ids[0]: the token's id must be 2
      W | /post_processor/special_tokens/[CLS]/ids/0 | -5 | ids[0]: an integer from 0
      W | /post_processor/special_tokens/[CLS]/tokens | [] | tokens: a list of 1 to 1
      W | /post_processor/special_tokens/[CLS]/tokens/0 | "[X]" | tokens[0]: a special token must stand
      W | /post_processor/special_tokens/[CLS]/id | "[SEP]" | id: the id must be "[CLS]"
      W | /post_processor/type | "Magic" | post_processor.type: a post-processor must be one of
      W | /post_processor | {"type":"BertProcessing","sep":["[SEP]",3],"cls":["[CLS]",9]} | post_processor.cls[1]: the token's id must be 2
      W | /post_processor | {"type":"BertProcessing","sep":["[SEP]"],"cls":["[CLS]",2]} | post_processor.sep: a list of 2
      W | /post_processor | {"type":"BertProcessing","sep":["[X]",3],"cls":["[CLS]",2]} | post_processor.sep[0]: a special token
      W | /post_processor | {"single":[],"pair":[],"special_tokens":{}} | post_processor.type: a string
      B | /post_processor/sep/1 | 99999999999 | post_processor.sep[1]: an integer
      B | /post_processor/trim_offsets | null | post_processor.trim_offsets: true or false
      W | /added_tokens/0/id | -1 | added_tokens[0].id: an integer from 0
      W | /added_tokens/0/id | 4294967295 | added_tokens[0].id: an integer from 0
      W | /added_tokens/0/id | 77 | added_tokens[0].id: the token's id must be 0
      W | /added_tokens/0/content | "" | added_tokens[0].content: a string of 1
      W | /added_tokens/1/content | "[PAD]" | no content may stand twice
      W | /added_tokens/0/special | "yes" | added_tokens[0].special: true or false
      W | /added_tokens/- | {"id":900,"content":"\\u0301","single_word":false,"lstrip":false,"rstrip":false,"normalized":true,"special":false} | a normalized token must have
      W | /added_tokens/- | {"id":900,"content":" \\u0000","single_word":false,"lstrip":false,"rstrip":false,"normalized":true,"special":false} | a normalized token must have
      W | /added_tokens/- | {"id":950,"content":"[Q]","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":false} | added_tokens[5].id: the token's id must be 900
      W | /version | "2.0" | version: one of 1.0
      W | /modell | {} | modell: a tokenizer has no such section
      W | /added_tokens | null | added_tokens: a list of
      W | /decoder/prefix | - | decoder.prefix: a string
      W | /added_tokens | {} | added_tokens: a list of
      W | /normalizer/type | "Magic" | normalizer.type: a normalizer must be one of
      W | /normalizer/type | null | normalizer.type: a string
      W | /normalizer | "NFC" | normalizer: an object
      W | /normalizer/clean_text | - | normalizer.clean_text: true or false
      W | /normalizer/strip_accents | "no" | normalizer.strip_accents: true or false
      W | /normalizer | {"type":"Prepend","prepend":7} | normalizer.prepend: a string
      W | /normalizer | {"type":"Replace","pattern":{"String":""},"content":"a"} | normalizer.pattern.String: a string of 1
      W | /normalizer | {"type":"Replace","pattern":{"Regex":"(a+)+$"},"content":"a"} | normalizer.pattern.Regex: a regular expression must be
      W | /normalizer | {"type":"Replace","pattern":{"Regex":"("},"content":"a"} | normalizer.pattern.Regex: a regular expression must be
      W | /normalizer | {"type":"Replace","pattern":{"Regex":""},"content":"a"} | normalizer.pattern.Regex: a string of 1
      W | /normalizer | {"type":"Replace","pattern":{"Regex":"(?=a)"},"content":"a"} | normalizer.pattern.Regex: a regular expression must be
      W | /normalizer | {"type":"Replace","pattern":"a","content":"a"} | normalizer.pattern: an object
      W | /normalizer | {"type":"Replace","pattern":{},"content":"a"} | normalizer.pattern: a pattern must be one
      W | /normalizer | {"type":"Replace","pattern":{"String":"a","Regex":"(a+)+$"},"content":"a"} | a pattern must be one
      W | /normalizer | {"type":"Sequence","normalizers":"NFC"} | normalizer.normalizers: a list
      W | /normalizer | {"type":"Sequence"} | normalizer.normalizers: a list
      W | /normalizer | {"type":"Precompiled","precompiled_charsmap":null} | precompiled_charsmap: a string
      W | /normalizer | {"type":"Precompiled","precompiled_charsmap":"*"} | must be in Base64
      W | /normalizer | {"type":"Precompiled","precompiled_charsmap":"AAAA"} | begin with the size of its trie
      W | /normalizer | {"type":"Precompiled","precompiled_charsmap":"/////w=="} | begin with the size of its trie
      W | /normalizer | {"type":"Precompiled","precompiled_charsmap":"AAAAAA=="} | begin with the size of its trie
      W | /pre_tokenizer/type | "Magic" | pre_tokenizer.type: a pre-tokenizer must be one of
      W | /pre_tokenizer | {"type":"FixedLength","length":0} | pre_tokenizer.type: a pre-tokenizer must be one of
      W | /pre_tokenizer | {"type":"Split","pattern":{"Regex":"(a+)+$"},"behavior":"Isolated","invert":false} | pre_tokenizer.pattern.Regex: a regular expression must be
      W | /pre_tokenizer | {"type":"Split","pattern":{"Regex":"(a|a|b)*c"},"behavior":"Isolated","invert":false} | pre_tokenizer.pattern.Regex: a regular expression must be
      W | /pre_tokenizer | {"type":"Split","pattern":{"String":""},"behavior":"Isolated","invert":false} | pre_tokenizer.pattern.String: a string of 1
      W | /pre_tokenizer | {"type":"Split","pattern":{"String":"a"},"behavior":"Magic","invert":false} | pre_tokenizer.behavior: one of
      W | /pre_tokenizer | {"type":"Split","pattern":{"String":"a"},"behavior":"Isolated"} | pre_tokenizer.invert: true or false
      W | /pre_tokenizer | {"type":"Digits","individual_digits":3} | pre_tokenizer.individual_digits: true or false
      U | /pre_tokenizer/replacement | "" | pre_tokenizer.replacement: a string of 1
      U | /pre_tokenizer/replacement | "ab" | pre_tokenizer.replacement: a single character
      U | /pre_tokenizer/prepend_scheme | "often" | pre_tokenizer.prepend_scheme: one of
      W | /decoder/type | "Magic" | decoder.type: a decoder must be one of
      W | /decoder | {"type":"Replace","pattern":{"Regex":"(a+)+$"},"content":""} | decoder.pattern.Regex: a regular expression must be
      W | /decoder | {"type":"Strip","content":"","start":0,"stop":0} | decoder.content: a string of 1
      W | /decoder | {"type":"Strip","content":"a","start":-1,"stop":0} | decoder.start: an integer
      W | /truncation | {"direction":"Right","max_length":3,"strategy":"LongestFirst","stride":9} | truncation.stride: an integer from 0 to 2
      W | /truncation | {"direction":"Up","max_length":3,"strategy":"LongestFirst","stride":0} | truncation.direction: one of
      W | /truncation | {"max_length":-3,"strategy":"LongestFirst","stride":0} | truncation.max_length: an integer
      W | /truncation | 512 | truncation: an object
      W | /padding | {"strategy":{"Fixed":99999999999},"direction":"Right","pad_to_multiple_of":null,"pad_id":0,"pad_type_id":0,"pad_token":"[PAD]"} | padding.strategy.Fixed: an integer
      W | /padding | {"strategy":"BatchLongest","direction":"Right","pad_to_multiple_of":0,"pad_id":0,"pad_type_id":0,"pad_token":"[PAD]"} | padding.pad_to_multiple_of: an integer from 1
      W | /padding | {"strategy":"Always","direction":"Right","pad_id":0,"pad_type_id":0,"pad_token":"[PAD]"} | padding.strategy: one of
      U | /model/unk_id | null | model.unk_id: an integer from 0
      U | /model/unk_id | 700 | model.unk_id: an integer from 0 to 699
      U | /model/unk_id | -1 | model.unk_id: an integer from 0
      U | /model/vocab | [] | model.vocab: a vocabulary must have 1 to
      U | /model/vocab | {"a":1} | model.vocab: a list
      U | /model/vocab/9 | ["",-1] | model.vocab[9]: a piece must have 1 to
      U | /model/vocab/9 | ["a"] | model.vocab[9]: a piece must be a string and its score
      U | /model/vocab/9 | "a" | model.vocab[9]: a piece must be a string and its score
      U | /model/vocab/9 | ["</s>",-1] | model.vocab[9]: no piece may stand twice
      U | /model/vocab/9/1 | "-1" | model.vocab[9]: a score must be a number
      U | /model/vocab/9/1 | -1e300 | model.vocab[9]: a score must be a number
      U | /model/byte_fallback | "no" | model.byte_fallback: true or false
      B | /model/dropout | 0.5 | model.dropout: dropout must be null
      B | /model/dropout | "NaN" | model.dropout: dropout must be null
      B | /model/unk_token | "[X]" | model.unk_token: the token for what is unknown
      B | /model/merges | {} | model.merges: a list
      B | /model/merges | - | model.merges: a list
      B | /model/merges/0 | ["x"] | model.merges[0]: a merge must be of two pieces
      B | /model/merges/0 | ["zz#","a"] | model.merges[0]: a merge must be of two pieces
      B | /model/merges/0 | "a b c" | model.merges[0]: a merge must be of two pieces
      B | /model/merges/0 | ["z","q"] | model.merges[0]: what a merge makes must stand in
      B | /model/continuing_subword_prefix | "##" | model.merges[0]: the second piece must begin with "##"
      B | /model/fuse_unk | 1 | model.fuse_unk: true or false
      B | /pre_tokenizer/add_prefix_space | 1 | pre_tokenizer.add_prefix_space: true or false
      """;

  private CraftedTokenizers() {}

  static List<Crafted> all() {
    List<Crafted> all = new ArrayList<>();
    for (String line : TABLE.lines().toList()) {
      String[] cells = line.split(" \\| ", 4);
      all.add(
          new Crafted(
              line,
              TokenizerFiles.with(
                      file(cells[0]),
                      cells[1],
                      cells[2].equals("-") ? null : JsonMapper.shared().readTree(cells[2]))
                  .toString(),
              cells[3]));
    }
    addChains(all);
    addMaps(all);
    addTexts(all);
    return all;
  }

  private static ObjectNode file(String kind) {
    return switch (kind) {
      case "W" -> TokenizerFiles.wordPiece();
      case "B" -> TokenizerFiles.byteLevel();
      default -> TokenizerFiles.unigram();
    };
  }

  private static void addChains(List<Crafted> all) {
    ObjectNode multiplying = TokenizerFiles.wordPiece();
    ArrayNode steps =
        multiplying.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
    for (int i = 0; i < 12; i++) {
      ObjectNode step = steps.addObject().put("type", "Replace").put("content", "aaaaaaaaaa");
      step.putObject("pattern").put("String", "a");
    }
    all.add(
        new Crafted(
            "chained replacements", multiplying.toString(), "more than 1024 times as long"));
    ObjectNode bytes = TokenizerFiles.byteLevel();
    ArrayNode levels =
        bytes.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
    for (int i = 0; i < 14; i++) {
      levels.addObject().put("type", "ByteLevel");
    }
    all.add(new Crafted("chained bytes", bytes.toString(), "more than 1024 times as long"));
    for (String list : List.of("normalizer", "pre_tokenizer", "decoder", "post_processor")) {
      String inner =
          switch (list) {
            case "normalizer" -> "normalizers";
            case "pre_tokenizer" -> "pretokenizers";
            case "decoder" -> "decoders";
            default -> "processors";
          };
      ObjectNode nested = TokenizerFiles.wordPiece();
      ObjectNode at = nested.putObject(list);
      for (int i = 0; i < 6; i++) {
        at = at.put("type", "Sequence").putArray(inner).addObject();
      }
      all.add(new Crafted("nested " + list, nested.toString(), "nested at most 3 deep"));
    }
    ObjectNode many = TokenizerFiles.wordPiece();
    ArrayNode outer = many.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
    for (int i = 0; i < 10; i++) {
      ArrayNode row = outer.addObject().put("type", "Sequence").putArray("normalizers");
      for (int j = 0; j < 10; j++) {
        row.addObject().put("type", "Nmt");
      }
    }
    all.add(new Crafted("many normalizers", many.toString(), "at most 16 components"));
  }

  private static void map(
      List<Crafted> all, String name, String message, Consumer<CharacterMapFile> change) {
    CharacterMapFile map = CharacterMapFile.usual();
    change.accept(map);
    all.add(new Crafted("map: " + name, TokenizerFiles.mapped(map).toString(), message));
  }

  private static void addMaps(List<Crafted> all) {
    String size = "begin with the size of its trie";
    map(all, "a trie longer than the file", size, map -> map.trieSize = 1 << 30);
    map(all, "a trie of 4 GB", size, map -> map.trieSize = 0xFFFFFFFCL);
    map(all, "no trie", size, map -> map.trieSize = 0);
    map(all, "a trie of odd size", size, map -> map.trieSize = 1023);
    String out = "must not point out of itself";
    map(all, "the root points out", out, map -> map.units[0] = 0x1FFFFF << 10);
    map(all, "the trie is cut", out, map -> map.units = new int[] {map.units[0]});
    map(
        all,
        "a child points out",
        out,
        map -> {
          for (int i = 256; i < 512; i++) {
            map.units[i] |= map.units[i] == 0 ? 0 : 1 << 30;
          }
        });
    String replacement = "must point to replacements";
    map(all, "a leaf beyond", replacement, map -> map.units[map.leaf()] = 0x7FFFFFFF | 1 << 31);
    map(
        all,
        "a leaf at the end",
        replacement,
        map -> map.units[map.leaf()] = map.replacements.length | 1 << 31);
    map(
        all,
        "a leaf within a character",
        replacement,
        map -> {
          map.replacements = "\0日\0".getBytes(StandardCharsets.UTF_8);
          for (int i = 0; i < map.units.length; i++) {
            map.units[i] = map.units[i] < 0 ? 2 | Integer.MIN_VALUE : map.units[i];
          }
        });
    map(
        all,
        "a replacement without end",
        replacement,
        map -> map.replacements = "abcdefghijklmnopqrstuvwxyz".getBytes(StandardCharsets.UTF_8));
    map(
        all,
        "a replacement that is a book",
        replacement,
        map -> map.replacements = ("a".repeat(5000) + "\0").getBytes(StandardCharsets.UTF_8));
    map(
        all,
        "replacements that are no text",
        "must be UTF-8",
        map -> map.replacements = new byte[] {(byte) 0xC3, 0x28, 0});
    map(all, "no replacements", replacement, map -> map.replacements = new byte[0]);
    all.add(
        new Crafted(
            "map: a megabyte",
            TokenizerFiles.with(
                    TokenizerFiles.mapped(CharacterMapFile.usual()),
                    "/normalizer/normalizers/0/precompiled_charsmap",
                    JsonMapper.shared()
                        .valueToTree(Base64.getEncoder().encodeToString(new byte[(1 << 20) + 4])))
                .toString(),
            "at most 1048576 bytes"));
  }

  /** What no tree of JSON can say. */
  private static void addTexts(List<Crafted> all) {
    String sound = TokenizerFiles.wordPiece().toString();
    all.add(new Crafted("nothing", "", "must be a JSON object"));
    all.add(new Crafted("a list", "[]", "must be a JSON object"));
    all.add(new Crafted("half", sound.substring(0, sound.length() / 2), "must be JSON"));
    all.add(new Crafted("deep", "{\"a\":".repeat(100_000), "must be JSON"));
    all.add(
        new Crafted(
            "two models",
            sound.replaceFirst("\\{", "{\"model\":{\"type\":\"BPE\"},"),
            "must be JSON, got: Duplicate"));
    all.add(
        new Crafted(
            "the same key twice",
            sound.replaceFirst("\"vocab\":\\{", "\"vocab\":{\"[UNK]\":4294967295,"),
            "must be JSON, got: Duplicate"));
    all.add(
        new Crafted(
            "a number of a million digits",
            sound.replaceFirst("\"type_id\":0", "\"type_id\":" + "1".repeat(1_000_000)),
            "must be JSON"));
    all.add(
        new Crafted(
            "a piece of a million characters",
            sound.replaceFirst(
                "\"vocab\":\\{", "\"vocab\":{\"" + "a".repeat(1_000_000) + "\":900,"),
            "must be JSON"));
    ObjectNode longPiece = TokenizerFiles.unigram();
    ((ArrayNode) longPiece.at("/model/vocab")).addArray().add("a".repeat(1025)).add(-3.5);
    all.add(
        new Crafted(
            "a long piece", longPiece.toString(), "a piece must have 1 to 1024 characters"));
    ObjectNode tokens = TokenizerFiles.wordPiece();
    for (int i = 0; i < 10_001; i++) {
      ((ArrayNode) tokens.at("/added_tokens")).addObject().put("id", 900 + i);
    }
    all.add(new Crafted("many tokens", tokens.toString(), "added_tokens: a list of 0 to 10000"));
  }
}
