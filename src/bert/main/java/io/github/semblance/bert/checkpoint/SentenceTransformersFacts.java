package io.github.semblance.bert.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * What the configuration files of sentence-transformers say about a folder.
 *
 * @param transformer the folder of weights, tokenizer and {@code config.json}
 * @param facts pooling, window and prefixes
 * @param dense folders of linear layers over the pooled vector, in order
 * @param namesPooling whether the folder says how token vectors become one
 * @param lowerCase whether text is lower-cased before the tokenizer sees it
 */
record SentenceTransformersFacts(
    Path transformer,
    Checkpoint.Facts facts,
    List<Path> dense,
    boolean namesPooling,
    boolean lowerCase) {
  private static final Logger LOG = LoggerFactory.getLogger(SentenceTransformersFacts.class);

  /**
   * Reads the files that are there. As in sentence-transformers, a folder that names no pooling is
   * pooled by the mean and not normalised, and its window is all its positions.
   *
   * @throws CheckpointException if a file asks for what Semblance has not
   */
  static SentenceTransformersFacts read(Path folder) throws CheckpointException {
    Modules modules = Modules.read(folder);
    Path transformer = folder.resolve(modules.transformer());
    JsonNode window =
        JsonFile.read(transformer.resolve("sentence_bert_config.json"))
            .orElse(MissingNode.getInstance());
    JsonNode prompts =
        JsonFile.read(folder.resolve("config_sentence_transformers.json"))
            .orElse(MissingNode.getInstance());
    Path config = transformer.resolve("config.json");
    int positions = ConfigJson.parse(config.toString(), JsonFile.text(config)).window();
    Checkpoint.Facts facts =
        new Checkpoint.Facts(
            maxTokens(transformer, window, positions),
            modules.pooling().isPresent() ? pooling(modules.pooling().get()) : Pooling.MEAN,
            modules.normalized(),
            prompt(prompts, List.of("query")),
            prompt(prompts, List.of("document", "passage", "corpus")),
            0);
    if (modules.pooling().isEmpty()) {
      LOG.info("{} names no pooling: taking the mean, not normalised", folder);
    }
    return new SentenceTransformersFacts(
        transformer,
        facts,
        modules.dense(),
        modules.pooling().isPresent(),
        window.path("do_lower_case").asBoolean(false));
  }

  /** The folder of weights, tokenizer and {@code config.json}: that of a model, or one in it. */
  static Path transformer(Path folder) throws CheckpointException {
    return folder.resolve(Modules.read(folder).transformer());
  }

  /** The steps that {@code modules.json} lists, or that the usual folders imply without it. */
  private record Modules(
      String transformer, Optional<Path> pooling, List<Path> dense, boolean normalized) {
    static Modules read(Path folder) throws CheckpointException {
      Path file = folder.resolve("modules.json");
      Optional<JsonNode> list = JsonFile.read(file);
      if (list.isEmpty()) {
        Path pooling = folder.resolve("1_Pooling/config.json");
        return new Modules(
            "",
            Files.exists(pooling) ? Optional.of(pooling) : Optional.empty(),
            List.of(),
            Files.isDirectory(folder.resolve("2_Normalize")));
      }
      String transformer = "";
      Optional<Path> pooling = Optional.empty();
      List<Path> dense = new ArrayList<>();
      boolean normalized = false;
      for (JsonNode module : list.get()) {
        String path = module.path("path").asString("");
        if (!path.matches("[A-Za-z0-9_-]*")) {
          throw new CheckpointException(
              file + ": \"path\" must name a folder beside it, got: " + path);
        }
        String type = module.path("type").asString("");
        switch (type.substring(type.lastIndexOf('.') + 1)) {
          case "Transformer" -> transformer = path;
          case "Pooling" -> {
            requireOrder(file, type, dense.isEmpty() && !normalized);
            pooling = Optional.of(folder.resolve(path).resolve("config.json"));
          }
          case "Dense" -> {
            requireOrder(file, type, pooling.isPresent() && !normalized);
            dense.add(folder.resolve(path));
          }
          case "Normalize" -> normalized = true;
          default ->
              throw new CheckpointException(
                  file
                      + ": a step of the model must be a Transformer, Pooling, Dense or Normalize"
                      + " module, got: "
                      + type);
        }
      }
      return new Modules(transformer, pooling, List.copyOf(dense), normalized);
    }

    private static void requireOrder(Path file, String type, boolean inOrder)
        throws CheckpointException {
      if (!inOrder) {
        throw new CheckpointException(
            file
                + ": steps must come in the order Transformer, Pooling, Dense, Normalize, got"
                + " out of order: "
                + type);
      }
    }
  }

  private static Pooling pooling(Path file) throws CheckpointException {
    JsonNode config =
        JsonFile.read(file)
            .orElseThrow(() -> new CheckpointException("modules.json names " + file + ": missing"));
    if (!config.path("include_prompt").asBoolean(true)) {
      throw new CheckpointException(
          file + ": pooling must include the prompt, got: \"include_prompt\": false");
    }
    List<String> modes = new ArrayList<>();
    config
        .properties()
        .forEach(
            property -> {
              if (property.getKey().startsWith("pooling_mode_")
                  && property.getValue().asBoolean(false)) {
                modes.add(property.getKey());
              }
            });
    // Newer versions write one word in place of the flags.
    if (config.path("pooling_mode").isString()) {
      modes.add(config.path("pooling_mode").asString());
    }
    if (modes.isEmpty() && !config.has("pooling_mode") && !config.has("pooling_mode_mean_tokens")) {
      return Pooling.MEAN; // what sentence-transformers takes when nothing is said
    }
    if (modes.size() == 1) {
      switch (modes.getFirst()) {
        case "pooling_mode_mean_tokens", "mean" -> {
          return Pooling.MEAN;
        }
        case "pooling_mode_cls_token", "cls" -> {
          return Pooling.CLS;
        }
        case "pooling_mode_max_tokens", "max" -> {
          return Pooling.MAX;
        }
        default -> {} // refused below, by name
      }
    }
    throw new CheckpointException(
        file + ": pooling must be one of mean, cls and max, got: " + modes);
  }

  /** Never more than the positions that the model has. */
  private static int maxTokens(Path transformer, JsonNode window, int positions)
      throws CheckpointException {
    JsonNode stated = window.path("max_seq_length");
    Path file = transformer.resolve("sentence_bert_config.json");
    if (!stated.isInt()) {
      file = transformer.resolve("tokenizer_config.json");
      Optional<JsonNode> tokenizer = JsonFile.read(file);
      stated = tokenizer.map(json -> json.path("model_max_length")).orElse(stated);
    }
    // Tokenizers without a limit state 1e30.
    double limit = stated.isNumber() ? stated.asDouble() : positions;
    if (!(limit >= 3)) {
      throw new CheckpointException(
          file + ": the window must be at least 3 tokens long, got: " + stated);
    }
    return (int) Math.min(limit, positions);
  }

  /** The first prompt of these names, else the default one, else none. */
  private static String prompt(JsonNode config, List<String> names) {
    JsonNode prompts = config.path("prompts");
    for (String name : names) {
      if (prompts.path(name).isString()) {
        return prompts.path(name).asString();
      }
    }
    return prompts.path(config.path("default_prompt_name").asString("")).asString("");
  }
}
