package io.github.semblance.bert.checkpoint;

import io.github.semblance.embed.Pooling;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Reads a folder that was made for DJL's text embedding translator ({@code
 * ai.djl.huggingface.translator.TextEmbeddingTranslator}, whose arguments and defaults hold here).
 */
final class TorchScriptFolder {
  private static final List<String> UNSUPPORTED = List.of("dense", "layerNorm", "int32");

  /** What DJL's tokenizer cuts at when nothing else is said. */
  private static final int DEFAULT_MAX_LENGTH = 512;

  private TorchScriptFolder() {}

  /** The folder's TorchScript module: its only {@code .pt} file, or the one of the same name. */
  static Optional<Path> findModule(Path folder) throws CheckpointException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> modules =
          files.filter(file -> file.getFileName().toString().endsWith(".pt")).sorted().toList();
      if (modules.size() <= 1) {
        return modules.stream().findFirst();
      }
      Path named = folder.resolve(folder.getFileName() + ".pt");
      if (modules.contains(named)) {
        return Optional.of(named);
      }
      throw new CheckpointException(
          folder
              + " must hold one .pt file or one named "
              + named.getFileName()
              + ", got: "
              + modules);
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw new CheckpointException(folder + " could not be listed: " + e, e);
    }
  }

  static TorchScriptModel open(
      String name, Path folder, Path module, Optional<Stamp> stamp, FingerprintCache fingerprints)
      throws CheckpointException {
    Path tokenizerFile = folder.resolve("tokenizer.json");
    if (!Files.exists(tokenizerFile)) {
      throw new CheckpointException(folder + " must hold tokenizer.json beside its .pt file");
    }
    String tokenizerJson = JsonFile.text(tokenizerFile);
    JsonNode tokenizer = TokenizerJson.parse(tokenizerFile.toString(), tokenizerJson);
    Path servingFile = folder.resolve("serving.properties");
    Properties serving = properties(servingFile);
    Checkpoint.Facts facts = facts(servingFile, serving, tokenizer);
    boolean tokenTypes = Boolean.parseBoolean(serving.getProperty("includeTokenTypes"));
    String fingerprint =
        fingerprints.get(
            stamp, () -> Fingerprint.of(OffHeap.map(module), tokenTypes, tokenizerJson, facts));
    return new TorchScriptModel(name, module, tokenTypes, tokenizerJson, facts, fingerprint);
  }

  private static Properties properties(Path file) throws CheckpointException {
    Properties properties = new Properties();
    if (Files.exists(file)) {
      try {
        properties.load(new StringReader(JsonFile.text(file)));
      } catch (CheckpointException e) {
        throw e;
      } catch (IOException | IllegalArgumentException e) {
        throw new CheckpointException(file + " must be Java properties, got: " + e, e);
      }
    }
    return properties;
  }

  private static Checkpoint.Facts facts(Path file, Properties serving, JsonNode tokenizer)
      throws CheckpointException {
    String engine = serving.getProperty("engine", "PyTorch");
    if (!engine.equals("PyTorch")) {
      throw new CheckpointException(file + ": engine must be PyTorch, got: " + engine);
    }
    for (String key : UNSUPPORTED) {
      String value = serving.getProperty(key, "false");
      if (!value.equals("false")) {
        throw new CheckpointException(file + ": " + key + " is not supported, got: " + value);
      }
    }
    Pooling pooling =
        switch (serving.getProperty("pooling", "mean").toLowerCase(Locale.ROOT)) {
          case "mean" -> Pooling.MEAN;
          case "cls" -> Pooling.CLS;
          case "max" -> Pooling.MAX;
          default ->
              throw new CheckpointException(
                  file
                      + ": pooling must be one of mean, cls and max, got: "
                      + serving.getProperty("pooling"));
        };
    boolean normalized = Boolean.parseBoolean(serving.getProperty("normalize", "true"));
    int stated = tokenizer.path("truncation").path("max_length").asInt(DEFAULT_MAX_LENGTH);
    String window = serving.getProperty("maxLength", Integer.toString(stated)).strip();
    if (!window.matches("\\d{1,6}") || Integer.parseInt(window) < 3) {
      throw new CheckpointException(
          file + ": maxLength must be a number of at least 3 tokens, got: " + window);
    }
    return new Checkpoint.Facts(Integer.parseInt(window), pooling, normalized, "", "", 0);
  }
}
