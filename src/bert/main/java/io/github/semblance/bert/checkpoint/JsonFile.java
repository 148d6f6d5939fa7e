package io.github.semblance.bert.checkpoint;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the small text files of a model's folder. */
final class JsonFile {
  /** No tokenizer or vocabulary in use comes near this. */
  private static final long MAX_BYTES = 64 << 20;

  private JsonFile() {}

  /** The file's JSON, or nothing where there is no such file. */
  static Optional<JsonNode> read(Path file) throws CheckpointException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    String text = text(file);
    try {
      return Optional.of(JsonMapper.shared().readTree(text));
    } catch (JacksonException e) {
      throw new CheckpointException(file + " must be JSON, got: " + e.getOriginalMessage(), e);
    }
  }

  /** The file's UTF-8 text. */
  static String text(Path file) throws CheckpointException {
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw new CheckpointException(
            file + " must be at most " + MAX_BYTES + " bytes long, got: " + size);
      }
      return Files.readString(file);
    } catch (MalformedInputException e) {
      throw new CheckpointException(file + " must be UTF-8 text, got other bytes", e);
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw new CheckpointException(file + " could not be read: " + e, e);
    }
  }
}
