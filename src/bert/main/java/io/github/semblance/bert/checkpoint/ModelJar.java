package io.github.semblance.bert.checkpoint;

import static java.util.Objects.requireNonNull;

import io.github.semblance.embed.Pooling;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model whose weights and tokenizer are entries of a jar.
 *
 * @param weights an ONNX graph, or a ZIP of a TensorFlow SavedModel
 * @param tokenizer a {@code tokenizer.json}; empty where the SavedModel holds the vocabulary
 * @param card the catalogue's facts
 */
record ModelJar(URL weights, Optional<URL> tokenizer, Optional<CatalogueEntry> card)
    implements ModelLocation {
  private static final Logger LOG = LoggerFactory.getLogger(ModelJar.class);
  private static final String INDEX = "variables/variables.index";
  private static final String DATA = "variables/variables.data-00000-of-00001";
  private static final String VOCABULARY = "assets/vocab.txt";

  /**
   * A model of the catalogue that travels as a dependency of the program: below {@code
   * META-INF/semblance} in a jar made for it, or at the root as in LangChain4j's.
   */
  static Optional<ModelJar> onClassPath(CatalogueEntry entry, ClassLoader classLoader) {
    return Stream.of("META-INF/semblance/", "")
        .flatMap(folder -> below(folder, entry, classLoader).stream())
        .findFirst();
  }

  private static Optional<ModelJar> below(
      String folder, CatalogueEntry entry, ClassLoader classLoader) {
    URL weights = classLoader.getResource(folder + entry.weights());
    URL tokenizer =
        entry.tokenizer().isEmpty() ? null : classLoader.getResource(folder + entry.tokenizer());
    if (weights == null || (tokenizer == null && !entry.tokenizer().isEmpty())) {
      return Optional.empty();
    }
    return Optional.of(new ModelJar(weights, Optional.ofNullable(tokenizer), Optional.of(entry)));
  }

  /** A model of the catalogue in a jar on disk. */
  static ModelJar of(Path jar, CatalogueEntry entry) {
    Optional<URL> tokenizer =
        entry.tokenizer().isEmpty() ? Optional.empty() : Optional.of(url(jar, entry.tokenizer()));
    return new ModelJar(url(jar, entry.weights()), tokenizer, Optional.of(entry));
  }

  /** A jar with {@code NAME.onnx} and {@code NAME-tokenizer.json}, as LangChain4j makes them. */
  static Optional<ModelJar> ofPair(Path jar) throws CheckpointException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      List<String> graphs =
          zip.stream().map(ZipEntry::getName).filter(n -> n.matches("[^/]+\\.onnx")).toList();
      if (graphs.size() != 1) {
        return Optional.empty();
      }
      String tokenizer = graphs.getFirst().replaceFirst("\\.onnx$", "-tokenizer.json");
      if (zip.getEntry(tokenizer) == null) {
        return Optional.empty();
      }
      return Optional.of(
          new ModelJar(
              url(jar, graphs.getFirst()), Optional.of(url(jar, tokenizer)), Optional.empty()));
    } catch (IOException e) {
      throw new CheckpointException(jar + " must be a jar, got: " + e.getMessage(), e);
    }
  }

  private static URL url(Path jar, String entry) {
    try {
      return URI.create("jar:" + jar.toUri() + "!/" + entry).toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("not an entry of a jar: " + jar + " " + entry, e);
    }
  }

  @Override
  public String where() {
    return file().map(Path::toString).orElse(weights.toString());
  }

  @Override
  public Optional<Stamp> stamp() throws CheckpointException {
    Optional<Path> file = file();
    return file.isEmpty()
        ? Optional.empty()
        : Optional.of(Stamp.of(List.of(file.get()), weights + card.toString()));
  }

  /** The jar, or the weights themselves where the class path has folders. */
  private Optional<Path> file() {
    try {
      URLConnection connection = weights.openConnection();
      URL file =
          connection instanceof JarURLConnection jar ? jar.getJarFileURL() : connection.getURL();
      return file.getProtocol().equals("file")
          ? Optional.of(Path.of(file.toURI()))
          : Optional.empty();
    } catch (IOException | URISyntaxException e) {
      LOG.debug("{} lies in no ordinary file", weights, e);
      return Optional.empty();
    }
  }

  @Override
  public Checkpoint open(String name, FingerprintCache fingerprints, ModelTrust trust)
      throws CheckpointException {
    Optional<BertConfig> config = Optional.empty();
    if (card.isPresent()) {
      config = Optional.of(ConfigJson.parse("models.json", card.get().configJson()));
    }
    EncoderWeights encoder;
    String tokenizerJson;
    if (tokenizer.isPresent()) {
      encoder =
          EncoderWeights.readOnnx(weights.toString(), OffHeap.read(weights), config.orElse(null));
      tokenizerJson = text(OffHeap.read(tokenizer.get()));
    } else {
      Map<String, ByteBuffer> model = OffHeap.readZip(weights, Set.of(INDEX, DATA, VOCABULARY));
      ByteBuffer index = requireNonNull(model.get(INDEX));
      ByteBuffer data = requireNonNull(model.get(DATA));
      encoder =
          EncoderWeights.readTensorBundle(weights.toString(), index, data, config.orElseThrow());
      tokenizerJson =
          TokenizerJson.ofVocabulary(
              weights + "!/" + VOCABULARY,
              text(requireNonNull(model.get(VOCABULARY))),
              new TokenizerJson.Normalization(true, Optional.empty(), true));
    }
    TokenIds.requireWithin(where(), tokenizerJson, encoder.config().vocabulary());
    Checkpoint.Facts facts = card.map(CatalogueEntry::facts).orElseGet(() -> assumed(encoder));
    String fingerprint =
        fingerprints.get(stamp(), () -> Fingerprint.of(encoder, tokenizerJson, facts));
    return new Checkpoint(
        name, encoder.config(), encoder.tensors(), tokenizerJson, facts, fingerprint);
  }

  /** As for a folder that names no pooling. */
  private Checkpoint.Facts assumed(EncoderWeights encoder) {
    LOG.info("{} names no pooling: taking the mean, not normalised", where());
    return new Checkpoint.Facts(encoder.config().positions(), Pooling.MEAN, false, "", "", 0);
  }

  private static String text(ByteBuffer utf8) {
    return StandardCharsets.UTF_8.decode(utf8.duplicate()).toString();
  }
}
