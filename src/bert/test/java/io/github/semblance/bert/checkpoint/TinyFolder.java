package io.github.semblance.bert.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes {@link TinyBert} as a folder in the layout of the Hugging Face hub. */
final class TinyFolder {
  static final String CONFIG =
      """
      {"model_type": "bert", "num_hidden_layers": 2, "hidden_size": 8, "num_attention_heads": 2,
       "intermediate_size": 16, "vocab_size": 30, "max_position_embeddings": 12,
       "hidden_act": "gelu", "layer_norm_eps": 1e-12}
      """;

  /** As many pieces as the model has ids. */
  static final String VOCABULARY =
      "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n"
          + IntStream.range(5, 30).mapToObj(i -> "piece" + i).collect(Collectors.joining("\n"));

  final Path path;

  /** A folder with weights, configuration and vocabulary, and nothing else. */
  TinyFolder(Path path) throws IOException {
    this.path = path;
    write("config.json", CONFIG);
    write("vocab.txt", VOCABULARY);
    write("model.safetensors", SafetensorsFile.of(TinyBert.weights()).toBytes());
  }

  TinyFolder write(String name, String text) throws IOException {
    Files.createDirectories(path.resolve(name).resolveSibling(""));
    Files.writeString(path.resolve(name), text);
    return this;
  }

  TinyFolder write(String name, byte[] bytes) throws IOException {
    Files.createDirectories(path.resolve(name).resolveSibling(""));
    Files.write(path.resolve(name), bytes);
    return this;
  }

  TinyFolder delete(String name) throws IOException {
    Files.delete(path.resolve(name));
    return this;
  }

  /** A {@code modules.json} of these types, by the folders they name. */
  TinyFolder modules(Map<String, String> typesByPath) throws IOException {
    return write(
        "modules.json",
        typesByPath.entrySet().stream()
            .map(
                m ->
                    String.format(
                        Locale.ROOT, "{\"path\":\"%s\",\"type\":\"%s\"}", m.getKey(), m.getValue()))
            .collect(Collectors.joining(",", "[", "]")));
  }

  BertModel open(Path home) throws CheckpointException {
    return store(home).open(path.toString());
  }

  static ModelStore store(Path home) {
    return new ModelStore(
        new ModelEnvironment(Map.of(), Map.of(), home, ClassLoader.getPlatformClassLoader()));
  }
}
