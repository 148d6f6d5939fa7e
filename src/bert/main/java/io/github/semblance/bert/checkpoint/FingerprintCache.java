package io.github.semblance.bert.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers fingerprints, so that only the first start of a model hashes its weights: one small
 * file per model in the user's cache folder, named after the identity of the files that it was
 * computed from.
 *
 * <p>A cache that cannot be read or written costs time and nothing else.
 */
final class FingerprintCache {
  /** Changes whenever the same files would give another fingerprint. */
  private static final String VERSION = "1";

  private static final Logger LOG = LoggerFactory.getLogger(FingerprintCache.class);

  private final Path folder;

  FingerprintCache(ModelEnvironment environment) {
    folder = environment.cache().resolve("semblance").resolve("fingerprints");
  }

  /** Computes a fingerprint. */
  @FunctionalInterface
  interface Computation {
    String compute() throws CheckpointException;
  }

  /** What is remembered for the files with that {@link Stamp}. */
  Optional<String> find(Stamp stamp) {
    try {
      String fingerprint = Files.readString(file(stamp), StandardCharsets.US_ASCII).strip();
      return fingerprint.matches("[0-9a-f]{64}") ? Optional.of(fingerprint) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.debug("Fingerprints in {} cannot be read", folder, e);
      return Optional.empty();
    }
  }

  /** What is remembered, or else what is computed and from now on remembered. */
  String get(Optional<Stamp> stamp, Computation computation) throws CheckpointException {
    Optional<String> known = stamp.flatMap(this::find);
    if (known.isPresent()) {
      return known.get();
    }
    String fingerprint = computation.compute();
    stamp.ifPresent(s -> remember(s, fingerprint));
    return fingerprint;
  }

  private void remember(Stamp stamp, String fingerprint) {
    try {
      Files.createDirectories(folder);
      Path unfinished = Files.createTempFile(folder, "new", null);
      Files.writeString(unfinished, fingerprint + "\n", StandardCharsets.US_ASCII);
      Files.move(unfinished, file(stamp), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.debug("Fingerprints cannot be kept in {}", folder, e);
    }
  }

  private Path file(Stamp stamp) {
    byte[] key = (VERSION + '\n' + stamp.text()).getBytes(StandardCharsets.UTF_8);
    return folder.resolve(HexFormat.of().formatHex(Fingerprint.sha256().digest(key)));
  }
}
