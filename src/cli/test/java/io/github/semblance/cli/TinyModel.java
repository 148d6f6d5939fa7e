package io.github.semblance.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A BERT of one layer with pseudo-random weights that reads letter by letter: loads in
 * milliseconds.
 */
final class TinyModel {
  static final int DIMENSION = 8;

  /** The one word that is one word piece. */
  static final String WORD = "incomprehensibilities";

  private static final String VOCABULARY =
      "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n"
          + WORD
          + "\n"
          + IntStream.rangeClosed('a', 'z')
              .mapToObj(letter -> (char) letter + "\n##" + (char) letter)
              .collect(Collectors.joining("\n"));

  private TinyModel() {}

  /** Writes a model folder; other seeds make other models. */
  static String write(Path folder, long seed) throws IOException {
    return write(folder, seed, "");
  }

  /** Writes the folder of a cross-encoder. */
  static String writeCrossEncoder(Path folder, long seed) throws IOException {
    return write(
        folder,
        seed,
        """
        "architectures": ["BertForSequenceClassification"], "id2label": {"0": "LABEL_0"},""");
  }

  private static String write(Path folder, long seed, String head) throws IOException {
    Files.createDirectories(folder);
    int words = (int) VOCABULARY.lines().count();
    Files.writeString(folder.resolve("vocab.txt"), VOCABULARY);
    Files.writeString(
        folder.resolve("config.json"),
        String.format(
            Locale.ROOT,
            """
        {%s "model_type": "bert", "num_hidden_layers": 1, "hidden_size": 8, "num_attention_heads": 2,
         "intermediate_size": 8, "vocab_size": %d, "max_position_embeddings": 512,
         "hidden_act": "gelu", "layer_norm_eps": 1e-12}
        """,
            head,
            words));
    Files.write(folder.resolve("model.safetensors"), weights(words, seed, !head.isEmpty()));
    return folder.toString();
  }

  private static byte[] weights(int words, long seed, boolean head) {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    shapes.put("embeddings.word_embeddings.weight", new int[] {words, DIMENSION});
    shapes.put("embeddings.position_embeddings.weight", new int[] {512, DIMENSION});
    shapes.put("embeddings.token_type_embeddings.weight", new int[] {2, DIMENSION});
    vectors(shapes, "embeddings.LayerNorm");
    for (String name :
        new String[] {
          "attention.self.query",
          "attention.self.key",
          "attention.self.value",
          "attention.output.dense",
          "intermediate.dense",
          "output.dense"
        }) {
      shapes.put("encoder.layer.0." + name + ".weight", new int[] {DIMENSION, DIMENSION});
      shapes.put("encoder.layer.0." + name + ".bias", new int[] {DIMENSION});
    }
    vectors(shapes, "encoder.layer.0.attention.output.LayerNorm");
    vectors(shapes, "encoder.layer.0.output.LayerNorm");
    if (head) {
      shapes.put("pooler.dense.weight", new int[] {DIMENSION, DIMENSION});
      shapes.put("pooler.dense.bias", new int[] {DIMENSION});
      shapes.put("classifier.weight", new int[] {1, DIMENSION});
      shapes.put("classifier.bias", new int[] {1});
    }
    return safetensors(shapes, new Random(seed));
  }

  private static void vectors(Map<String, int[]> shapes, String name) {
    shapes.put(name + ".weight", new int[] {DIMENSION});
    shapes.put(name + ".bias", new int[] {DIMENSION});
  }

  private static byte[] safetensors(Map<String, int[]> shapes, Random random) {
    StringBuilder header = new StringBuilder("{");
    int end = 0;
    for (Map.Entry<String, int[]> tensor : shapes.entrySet()) {
      int[] shape = tensor.getValue();
      int start = end;
      end += 4 * IntStream.of(shape).reduce(1, (a, b) -> a * b);
      header
          .append(header.length() == 1 ? "" : ",")
          .append(
              String.format(
                  Locale.ROOT,
                  "\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}",
                  tensor.getKey(),
                  IntStream.of(shape).boxed().toList().toString().replace(" ", ""),
                  start,
                  end));
    }
    byte[] json = header.append("}").toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + json.length + end).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(json.length).put(json);
    while (file.hasRemaining()) {
      file.putFloat((float) random.nextGaussian());
    }
    return file.array();
  }
}
