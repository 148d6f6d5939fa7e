package io.github.semblance.bert.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Token ids as transformers 5.18 has them where the files of a model disagree. */
class TokenizerConfigTest {
  @TempDir private Path folder;

  private Path copy(String model) throws IOException {
    URL resource = Objects.requireNonNull(getClass().getResource("tokenizers/" + model));
    try (var files = Files.list(Path.of(resource.toURI()))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName().toString()));
      }
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    return folder;
  }

  private long[] ids(String text) throws IOException {
    String json = ModelFolder.tokenizer(folder);
    assertDoesNotThrow(() -> TokenizerFile.requireSafe("tokenizer.json", json));
    try (HuggingFaceTokenizer tokenizer =
        HuggingFaceTokenizer.newInstance(
            new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)),
            Map.of("truncation", "false", "padding", "false"))) {
      return tokenizer.encode(text).getIds();
    }
  }

  private String refusal() {
    return Refusal.of(() -> ModelFolder.tokenizer(folder));
  }

  private void configure(String json) throws IOException {
    Files.writeString(folder.resolve("tokenizer_config.json"), json);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tj_disagree", "tj_strip", "tj_chinese", "added_json"})
  void theConfigurationWins(String model) throws IOException {
    JsonNode expected =
        JsonMapper.shared().readTree(Files.readString(copy(model).resolve("expected-ids.json")));
    for (Map.Entry<String, JsonNode> text : expected.properties()) {
      long[] ids = text.getValue().valueStream().mapToLong(JsonNode::asLong).toArray();
      assertArrayEquals(ids, ids(text.getKey()), text.getKey());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          tj_disagree | {}                                                               | Café  | 2 147 3
          tj_disagree | {"tokenizer_class": "BertTokenizerFast"}                         | Café  | 2 147 3
          tj_disagree | {"tokenizer_class": "TokenizersBackend", "do_lower_case": true}  | Café  | 2 151 3
          tj_disagree | {"tokenizer_class": "PreTrainedTokenizerFast"}                   | Café  | 2 151 3
          tj_disagree | {"strip_accents": true}                                          | Café  | 2 147 3
          tj_disagree | {"cls_token": "[MASK]"}                                          | Café  | 4 147 3
          tj_disagree | {"cls_token": {"content": "[MASK]", "lstrip": false}}            | Café  | 4 147 3
          tj_disagree | {"added_tokens_decoder": {"177": {"content": "[Q]", "special": true}}} | [Q] hello | 2 177 145 3
          tj_disagree | {"tokenizer_class": "MPNetTokenizer", "cls_token": "[MASK]"}     | Café  | 2 147 3
          tj_strip    | {"do_lower_case": false}                                         | Café  | 2 151 3
          tj_strip    | {"strip_accents": false}                                         | Café  | 2 148 3
          tj_strip    | {"strip_accents": null, "do_lower_case": true}                   | Café  | 2 147 3
          added_json  | {}                                                               | [Q] hello | 2 177 145 3
          added_json  | {"cls_token": "[MASK]"}                                          | Café  | 4 147 3
          added_json  | {"added_tokens_decoder": {"177": {"content": "[R]", "special": true}}} | [Q] hello | 2 139 37 140 145 3
          """)
  void keysAreReadAsTransformersReadsThem(String model, String config, String text, String ids)
      throws IOException {
    copy(model);
    configure(config);
    assertEquals(
        ids, Arrays.stream(ids(text)).mapToObj(Long::toString).collect(Collectors.joining(" ")));
  }

  @Test
  void addedTokensStandBesideATokenizerJson() throws IOException {
    copy("tj_disagree");
    Files.writeString(folder.resolve("added_tokens.json"), "{\"[Q]\": 177}");
    assertArrayEquals(new long[] {2, 177, 145, 146, 3}, ids("[Q] hello world"));
  }

  @Test
  void aTokenizerThatAgreesStaysAsItIs() throws IOException {
    copy("tj_chinese");
    configure("{\"do_lower_case\": true, \"cls_token\": \"[CLS]\", \"unk_token\": \"[UNK]\"}");
    String file = Files.readString(folder.resolve("tokenizer.json"));
    assertEquals(file, ModelFolder.tokenizer(folder));
    Files.delete(folder.resolve("tokenizer_config.json"));
    assertEquals(file, ModelFolder.tokenizer(folder));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"do_lower_case": "no"}                       | do_lower_case must be true or false, got: "no"
          {"do_lower_case": null}                       | do_lower_case must be true or false, got: null
          {"strip_accents": 1}                          | strip_accents must be true or false, got: 1
          {"unk_token": "[X]"}                          | the unk_token must stand in the vocabulary, got: "[X]"
          {"sep_token": "[X]"}                          | the sep_token must stand in the vocabulary, got: "[X]"
          {"added_tokens_decoder": {"x": {"content": "[Q]"}}} | added_tokens_decoder must give the content of a token by its id
          {"added_tokens_decoder": {"200": {"content": "[Q]"}}} | the token "[Q]" must have the id 177, got: 200
          {"added_tokens_decoder": {"7": {"content": "[CLS]"}}} | the token "[CLS]" must have the id 2, got: 7
          {"tokenizer_class": "BertJapaneseTokenizer"}  | tokenizers that need a dictionary of words are not supported
          []                                            | must be a JSON object, got: ARRAY
          """)
  void whatCannotBeDoneIsRefusedByFile(String config, String message) throws IOException {
    copy("tj_disagree");
    configure(config);
    assertTrue(refusal().contains(message), this::refusal);
    assertTrue(refusal().startsWith(folder.resolve("tokenizer_config.json").toString()));
  }

  @Test
  void addedTokensMustHaveTheIdsThatTheyGet() throws IOException {
    copy("added_json");
    configure("{}");
    Files.writeString(folder.resolve("added_tokens.json"), "{\"[Q]\": 179}");
    assertEquals(
        folder.resolve("added_tokens.json")
            + ": the token \"[Q]\" must have the id 177, got: 179; fetch the model again",
        refusal());
  }

  @Test
  void aVocabularyMustBeOfWordPieces() throws IOException {
    copy("added_json");
    configure("{\"tokenizer_class\": \"XLMRobertaTokenizer\"}");
    assertTrue(refusal().contains("tokenizer_class of a vocab.txt must be BertTokenizer"));
  }
}
