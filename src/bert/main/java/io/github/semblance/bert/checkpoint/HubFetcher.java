package io.github.semblance.bert.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches a model from the Hugging Face hub into the hub's cache.
 *
 * <p>Bytes go to a {@code .incomplete} file, which a later attempt continues. Only when size and
 * hash are right does it become a blob, and only when every blob is there do the files of the
 * snapshot appear, {@code config.json} last: whatever happens, nothing looks complete that is not.
 */
final class HubFetcher {
  private static final Logger LOG = LoggerFactory.getLogger(HubFetcher.class);

  /** Everything but weights that can tell how a model is to be run. */
  private static final Pattern CONFIGURATION =
      Pattern.compile(
          "(?:config|tokenizer|tokenizer_config|added_tokens|modules|sentence_bert_config"
              + "|config_sentence_transformers)\\.json|vocab\\.txt"
              + "|\\d+_\\w+/(?:config\\.json|model\\.safetensors)");

  /** Weights in order of preference. */
  private static final List<Pattern> WEIGHTS =
      List.of(
          Pattern.compile("model\\.safetensors"),
          Pattern.compile("model(?:\\.safetensors\\.index\\.json|-\\d+-of-\\d+\\.safetensors)"),
          Pattern.compile("model\\.onnx"),
          Pattern.compile("onnx/model\\.onnx"));

  /** An attempt that brings fewer bytes is poor. */
  private static final long LITTLE = 1 << 20;

  /** So many poor attempts in a row are answered by going on where the one before was cut. */
  private static final int MOST_POOR_ATTEMPTS = 10;

  private final HubClient hub;
  private final HubCache cache;
  private final PullProgress progress;

  HubFetcher(HubClient hub, HubCache cache, PullProgress progress) {
    this.hub = hub;
    this.cache = cache;
    this.progress = progress;
  }

  void fetch(ModelReference.HubRepository model) throws CheckpointException {
    HubClient.Listing listing = hub.list(model);
    List<HubClient.RemoteFile> files = new ArrayList<>();
    for (String path : choose(model, listing.files())) {
      files.add(hub.describe(model, listing.commit(), path));
    }
    try {
      for (HubClient.RemoteFile file : files) {
        fetch(model, file);
      }
      for (HubClient.RemoteFile file : files) {
        cache.link(model, listing.commit(), file.path(), file.hash());
      }
      if (!model.revision().equals(listing.commit())) {
        cache.refer(model, listing.commit());
      }
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw new CheckpointException(
          "hf:" + model.name() + " could not be written to " + cache.root() + ": " + e, e);
    }
  }

  /** What is needed to run the model, {@code config.json} last. */
  private static List<String> choose(ModelReference.HubRepository model, List<String> files)
      throws CheckpointException {
    for (Pattern format : WEIGHTS) {
      List<String> weights = files.stream().filter(format.asMatchPredicate()).toList();
      if (!weights.isEmpty()) {
        List<String> chosen = new ArrayList<>(weights);
        files.stream()
            .filter(CONFIGURATION.asMatchPredicate())
            .sorted(Comparator.comparing("config.json"::equals))
            .forEach(chosen::add);
        return chosen;
      }
    }
    throw new CheckpointException(
        "hf:"
            + model.name()
            + " must hold model.safetensors (whole or sharded) or model.onnx, got: "
            + files);
  }

  private void fetch(ModelReference.HubRepository model, HubClient.RemoteFile file)
      throws IOException {
    Path blob = cache.blob(model, file.hash());
    if (Files.isRegularFile(blob) && Files.size(blob) == file.size()) {
      progress.transferred(file.path(), file.size(), file.size());
      return;
    }
    Files.createDirectories(blob.getParent());
    Path partial = blob.resolveSibling(file.hash() + ".incomplete");
    try (FileChannel out =
            FileChannel.open(
                partial,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        FileLock lock = lock(out, partial)) {
      LOG.debug("Fetching {} to {} under {}", file.address(), partial, lock);
      download(model, file, out);
      String hash = hash(out, file.hash().length() == 64);
      if (!hash.equals(file.hash())) {
        out.truncate(0);
        throw new CheckpointException(
            String.format(
                Locale.ROOT,
                "%s must have the hash %s, got: %s; the broken download is thrown away, try again",
                file.address(),
                file.hash(),
                hash));
      }
      out.force(true);
      Files.move(partial, blob, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static FileLock lock(FileChannel out, Path partial) throws IOException {
    FileLock lock;
    try {
      lock = out.tryLock();
    } catch (OverlappingFileLockException e) {
      throw new CheckpointException(partial + " is being fetched by another thread", e);
    }
    if (lock == null) {
      throw new CheckpointException(partial + " is being fetched by another process");
    }
    return lock;
  }

  /**
   * Continues a download until it is complete, an attempt brings nothing new, or many bring little.
   */
  private void download(
      ModelReference.HubRepository model, HubClient.RemoteFile file, FileChannel out)
      throws IOException {
    if (out.size() > file.size()) {
      out.truncate(0);
    }
    int poor = 0;
    while (out.size() < file.size()) {
      long before = out.size();
      IOException cut = attempt(model, file, out);
      poor = out.size() - before < LITTLE ? poor + 1 : 0;
      if (out.size() <= before || (poor > MOST_POOR_ATTEMPTS && out.size() < file.size())) {
        throw new CheckpointException(
            String.format(
                Locale.ROOT,
                "%s must have %,d bytes, got: %,d%s; try again, the download goes on where it stopped",
                file.address(),
                file.size(),
                out.size(),
                cut == null ? "" : " (" + cut.getMessage() + ")"),
            cut);
      }
    }
  }

  /**
   * Goes on where the file ends.
   *
   * @return what ended the attempt too soon, if the network did
   * @throws IOException if the file cannot be written
   */
  private @Nullable IOException attempt(
      ModelReference.HubRepository model, HubClient.RemoteFile file, FileChannel out)
      throws IOException {
    HttpResponse<InputStream> response;
    try {
      response = hub.open(model, file, out.size());
    } catch (CheckpointException e) {
      if (e.getCause() instanceof IOException && out.size() > 0) {
        return e; // no answer; else the wrong one
      }
      throw e;
    }
    if (response.statusCode() == 200) {
      out.truncate(0); // the server does not continue downloads
    }
    try (InputStream in = response.body()) {
      return append(file, in, out);
    }
  }

  private @Nullable IOException append(HubClient.RemoteFile file, InputStream in, FileChannel out)
      throws IOException {
    byte[] buffer = new byte[1 << 16];
    long done = out.size();
    out.position(done);
    while (true) {
      int n;
      try {
        n = in.read(buffer);
      } catch (IOException e) {
        return e;
      }
      if (n < 0) {
        return null;
      }
      done += n;
      if (done > file.size()) {
        out.truncate(0);
        throw new CheckpointException(
            String.format(
                Locale.ROOT,
                "%s must have %,d bytes, got more; the broken download is thrown away, try again",
                file.address(),
                file.size()));
      }
      for (ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n); bytes.hasRemaining(); ) {
        out.write(bytes);
      }
      progress.transferred(file.path(), done, file.size());
    }
  }

  /** The SHA-256 of the bytes, or the SHA-1 by which Git names them. */
  private static String hash(FileChannel file, boolean sha256) throws IOException {
    MessageDigest digest = sha256 ? Fingerprint.sha256() : sha1();
    if (!sha256) {
      digest.update(("blob " + file.size() + "\0").getBytes(StandardCharsets.US_ASCII));
    }
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
    file.position(0);
    while (file.read(buffer) >= 0) {
      digest.update(buffer.flip());
      buffer.clear();
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must have SHA-1", e);
    }
  }
}
