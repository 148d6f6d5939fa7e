package io.github.semblance.bert.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which tensors make an encoder, in the names of Hugging Face's {@code BertModel}, and how other
 * files and families spell these names.
 */
final class EncoderLayout {
  /** A size that the configuration does not fix: the number of token types. */
  static final int ANY = -1;

  static final String TOKEN_TYPES = "embeddings.token_type_embeddings.weight";

  /** Of a Dense module of sentence-transformers. */
  static final String DENSE_WEIGHT = "linear.weight";

  static final String DENSE_BIAS = "linear.bias";

  /** Of all layers. */
  static final String RELATIVE_BIAS = "encoder.relative_attention_bias.weight";

  /** The deepest BERT has 48 layers; more than this is a broken or hostile file. */
  private static final int MAX_LAYERS = 1024;

  /** What a model with a head puts before the names of its encoder. */
  private static final Pattern SCOPE = Pattern.compile("^(bert|roberta|distilbert|mpnet)\\.");

  private static final Pattern LAYER =
      Pattern.compile("^(?:encoder|transformer)\\.layer\\.(\\d+)\\.(.+)\\.(\\w+)$");

  /** BERT's names of what DistilBERT and MPNet call otherwise, in each layer. */
  private static final Map<String, String> PARTS =
      Map.ofEntries(
          Map.entry("attention.q_lin", "attention.self.query"),
          Map.entry("attention.k_lin", "attention.self.key"),
          Map.entry("attention.v_lin", "attention.self.value"),
          Map.entry("attention.out_lin", "attention.output.dense"),
          Map.entry("sa_layer_norm", "attention.output.LayerNorm"),
          Map.entry("ffn.lin1", "intermediate.dense"),
          Map.entry("ffn.lin2", "output.dense"),
          Map.entry("output_layer_norm", "output.LayerNorm"),
          Map.entry("attention.attn.q", "attention.self.query"),
          Map.entry("attention.attn.k", "attention.self.key"),
          Map.entry("attention.attn.v", "attention.self.value"),
          Map.entry("attention.attn.o", "attention.output.dense"),
          Map.entry("attention.LayerNorm", "attention.output.LayerNorm"));

  private static final Pattern TENSORFLOW_SCOPE = Pattern.compile("^(module/)?bert/");
  private static final Pattern TENSORFLOW_LAYER = Pattern.compile("/layer_(\\d+)/");

  private EncoderLayout() {}

  /** Shapes by canonical name, in the order of the computation. */
  static Map<String, List<Integer>> shapes(String source, BertConfig config)
      throws CheckpointException {
    if (config.layers() > MAX_LAYERS) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: at most %d layers are supported, got: %d",
              source,
              MAX_LAYERS,
              config.layers()));
    }
    int hidden = config.hidden();
    int intermediate = config.intermediate();
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    shapes.put("embeddings.word_embeddings.weight", List.of(config.vocabulary(), hidden));
    shapes.put("embeddings.position_embeddings.weight", List.of(config.positions(), hidden));
    if (config.architecture().tokenTypes()) {
      shapes.put(TOKEN_TYPES, List.of(ANY, hidden));
    }
    putLayerNorm(shapes, "embeddings.LayerNorm", hidden);
    for (int layer = 0; layer < config.layers(); layer++) {
      String prefix = "encoder.layer." + layer + ".";
      putLinear(shapes, prefix + "attention.self.query", hidden, hidden);
      putLinear(shapes, prefix + "attention.self.key", hidden, hidden);
      putLinear(shapes, prefix + "attention.self.value", hidden, hidden);
      putLinear(shapes, prefix + "attention.output.dense", hidden, hidden);
      putLayerNorm(shapes, prefix + "attention.output.LayerNorm", hidden);
      putLinear(shapes, prefix + "intermediate.dense", intermediate, hidden);
      putLinear(shapes, prefix + "output.dense", hidden, intermediate);
      putLayerNorm(shapes, prefix + "output.LayerNorm", hidden);
    }
    if (config.architecture() instanceof Architecture.MpNet relative) {
      shapes.put(RELATIVE_BIAS, List.of(relative.buckets(), config.heads()));
    }
    return shapes;
  }

  static void putLinear(Map<String, List<Integer>> shapes, String name, int out, int in) {
    shapes.put(name + ".weight", List.of(out, in));
    shapes.put(name + ".bias", List.of(out));
  }

  private static void putLayerNorm(Map<String, List<Integer>> shapes, String name, int size) {
    shapes.put(name + ".weight", List.of(size));
    shapes.put(name + ".bias", List.of(size));
  }

  /**
   * The canonical form of a PyTorch name: without {@code bert.} or another family's scope, with
   * BERT's names of the parts of a layer, and with the LayerNorm's weight and bias where old files
   * say gamma and beta.
   *
   * @return null for what no encoder needs: poolers, heads, and buffers such as {@code
   *     position_ids}
   */
  static @Nullable String canonical(String name) {
    String bare = bare(name);
    if (!(bare.startsWith("embeddings.")
            || bare.startsWith("encoder.")
            || bare.startsWith("transformer."))
        || bare.endsWith(".position_ids")
        || bare.endsWith(".token_type_ids")) {
      return null;
    }
    String current =
        bare.replace("LayerNorm.gamma", "LayerNorm.weight")
            .replace("LayerNorm.beta", "LayerNorm.bias");
    Matcher layer = LAYER.matcher(current);
    return layer.matches()
        ? String.format(
            Locale.ROOT,
            "encoder.layer.%s.%s.%s",
            layer.group(1),
            PARTS.getOrDefault(layer.group(2), layer.group(2)),
            layer.group(3))
        : current;
  }

  /** A PyTorch name without the scope of a family. */
  static String bare(String name) {
    return SCOPE.matcher(name).replaceFirst("");
  }

  /**
   * The canonical form of a TensorFlow name such as {@code
   * bert/encoder/layer_0/output/dense/kernel}. Kernels are [in, out]: the transpose of the weight
   * whose name they get.
   *
   * @return null for what no encoder needs
   */
  static @Nullable String canonicalFromTensorFlow(String name) {
    Matcher scope = TENSORFLOW_SCOPE.matcher(name);
    if (!scope.lookingAt() || name.endsWith("/adam_m") || name.endsWith("/adam_v")) {
      return null;
    }
    String dotted =
        TENSORFLOW_LAYER
            .matcher(name.substring(scope.end()))
            .replaceAll("/layer.$1/")
            .replace('/', '.');
    if (isKernel(name)) {
      dotted = dotted.substring(0, dotted.length() - "kernel".length()) + "weight";
    } else if (dotted.endsWith("_embeddings")) {
      dotted += ".weight";
    }
    return canonical(dotted);
  }

  static boolean isKernel(String tensorFlowName) {
    return tensorFlowName.endsWith("/kernel");
  }
}
