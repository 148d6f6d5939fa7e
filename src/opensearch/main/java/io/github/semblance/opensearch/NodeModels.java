package io.github.semblance.opensearch;

import io.github.semblance.bert.BertEmbedder;
import io.github.semblance.bert.Precision;
import io.github.semblance.bert.checkpoint.BertModel;
import io.github.semblance.bert.checkpoint.CheckpointException;
import io.github.semblance.bert.checkpoint.ModelCatalogue;
import io.github.semblance.bert.checkpoint.ModelEnvironment;
import io.github.semblance.bert.checkpoint.ModelStore;
import io.github.semblance.bert.checkpoint.ModelTrust;
import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.PassageEmbedder;
import io.github.semblance.index.PassageEmbedder.TitledText;
import io.github.semblance.index.PassageVector;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.opensearch.action.ActionRunnable;
import org.opensearch.common.CheckedSupplier;
import org.opensearch.common.settings.Setting;
import org.opensearch.common.settings.Settings;
import org.opensearch.core.action.ActionListener;
import org.opensearch.env.Environment;
import org.opensearch.threadpool.ExecutorBuilder;
import org.opensearch.threadpool.FixedExecutorBuilder;
import org.opensearch.threadpool.ThreadPool;

/**
 * The one model of a node, the threads that wait for it, and counts of what it did. Thread-safe.
 *
 * <p>Documents and queries have a bounded queue each, so that a query never waits behind a bulk
 * request; what does not fit is rejected with status 429, as OpenSearch rejects what its own queues
 * cannot take.
 */
final class NodeModel implements Closeable {
  static final Setting<String> MODEL =
      Setting.simpleString(
          "semblance.model", ModelCatalogue.DEFAULT_MODEL, Setting.Property.NodeScope);

  static final Setting<Precision> PRECISION =
      new Setting<>(
          "semblance.precision", "fp32", NodeModel::precision, Setting.Property.NodeScope);

  /** A setting of the node's file alone: no request can change what may run. */
  static final Setting<Boolean> ALLOW_TORCHSCRIPT =
      Setting.boolSetting("semblance.allow_torchscript", false, Setting.Property.NodeScope);

  static final Setting<Integer> THREADS =
      Setting.intSetting(
          "semblance.threads",
          Runtime.getRuntime().availableProcessors(),
          1,
          Setting.Property.NodeScope);

  /** In {@code char}s. A text is held as objects per word piece while it is cut to passages. */
  static final Setting<Integer> MAX_TEXT_LENGTH =
      Setting.intSetting("semblance.max_text_length", 1_000_000, 1, Setting.Property.NodeScope);

  /** In {@code char}s. No model reads more than some hundred words. */
  static final Setting<Integer> MAX_QUERY_LENGTH =
      Setting.intSetting("semblance.max_query_length", 10_000, 1, Setting.Property.NodeScope);

  private static final String INGEST = "semblance_ingest";
  private static final String QUERY = "semblance_query";

  /** How many documents are held as word pieces and vectors at a time. */
  private static final int DOCUMENTS_PER_CALL = 64;

  private final Settings settings;
  private final BulkAnswers answers = new BulkAnswers();
  private final AtomicLong queries = new AtomicLong();
  private final AtomicLong documents = new AtomicLong();
  private final AtomicLong passages = new AtomicLong();
  private @Nullable TextEmbedder embedder;
  private @Nullable ThreadPool threads;

  NodeModel(Settings settings) {
    this.settings = settings;
  }

  private static Precision precision(String name) {
    for (Precision one : Precision.values()) {
      if (one.name().toLowerCase(Locale.ROOT).equals(name)) {
        return one;
      }
    }
    throw new IllegalArgumentException("semblance.precision must be fp32 or int8, got: " + name);
  }

  /** Two that embed documents: while one waits for the model, the other cuts the next ones. */
  static List<ExecutorBuilder<?>> executors(Settings settings) {
    int processors = Runtime.getRuntime().availableProcessors();
    return List.of(
        new FixedExecutorBuilder(settings, INGEST, 2, 100, "semblance.ingest"),
        new FixedExecutorBuilder(settings, QUERY, processors, 1000, "semblance.query"));
  }

  /** Loads the model; a node that has none does not start. */
  void start(ThreadPool pool, Environment environment) {
    // Nothing of ours is written outside of the node's own data.
    answers.start(pool);
    Path folder = environment.dataFiles()[0].resolve("semblance");
    BertEmbedder.unpackNativesTo(folder);
    try {
      embedder =
          BertEmbedder.load(
              open(settings, folder),
              BertEmbedder.Options.defaults()
                  .withThreads(THREADS.get(settings))
                  .withPrecision(PRECISION.get(settings))
                  .withTrust(trust(settings)));
    } catch (CheckpointException e) {
      throw new IllegalStateException(
          "semblance.model \"" + MODEL.get(settings) + "\" cannot be used: " + e.getMessage(), e);
    }
    threads = pool;
  }

  /** Opens the model that the settings name, with a folder of the node's for what is computed. */
  static BertModel open(Settings settings, Path folder) throws CheckpointException {
    ModelEnvironment system = ModelEnvironment.system();
    ModelStore models =
        new ModelStore(
            new ModelEnvironment(
                system.variables(), system.properties(), folder, system.classLoader()));
    return models.open(MODEL.get(settings), trust(settings));
  }

  private static ModelTrust trust(Settings settings) {
    return ALLOW_TORCHSCRIPT.get(settings) ? ModelTrust.TORCHSCRIPT : ModelTrust.WEIGHTS;
  }

  EmbeddingModel facts() {
    return embedder().model();
  }

  /** Answers requests that the plugin's threads work for. */
  BulkAnswers answers() {
    return answers;
  }

  int maxTextLength() {
    return MAX_TEXT_LENGTH.get(settings);
  }

  /** How many queries, documents and passages this node has embedded since it started. */
  record Counts(long queries, long documents, long passages) {}

  Counts counts() {
    return new Counts(queries.get(), documents.get(), passages.get());
  }

  /** Embeds a query on a thread that is nobody else's. */
  void embedQuery(String text, ActionListener<QueryVector> listener) {
    int longest = MAX_QUERY_LENGTH.get(settings);
    if (text.length() > longest) {
      listener.onFailure(
          new IllegalArgumentException(
              "query must be at most "
                  + longest
                  + " characters (semblance.max_query_length), got: "
                  + text.length()
                  + "; a model reads the first "
                  + facts().maxTokens()
                  + " word pieces"));
      return;
    }
    execute(
        QUERY,
        listener,
        () -> {
          Embedding embedded = embedder().embedQuery(text);
          queries.incrementAndGet();
          return new QueryVector(
              embedded.vector(),
              facts().name(),
              facts().fingerprint(),
              facts().cosineFloor(),
              embedded.droppedTokens());
        });
  }

  /** Embeds documents on a thread that is nobody else's. */
  void embedDocuments(List<TitledText> texts, ActionListener<List<List<PassageVector>>> listener) {
    execute(INGEST, listener, () -> embedDocuments(texts));
  }

  /** Embeds documents while the caller waits. */
  List<List<PassageVector>> embedDocuments(List<TitledText> texts) {
    PassageEmbedder passageEmbedder = new PassageEmbedder(embedder());
    List<List<PassageVector>> embedded = new ArrayList<>(texts.size());
    for (int from = 0; from < texts.size(); from += DOCUMENTS_PER_CALL) {
      int to = Math.min(texts.size(), from + DOCUMENTS_PER_CALL);
      embedded.addAll(passageEmbedder.embed(texts.subList(from, to)));
    }
    documents.addAndGet(texts.size());
    embedded.forEach(found -> passages.addAndGet(found.size()));
    return embedded;
  }

  IllegalArgumentException tooLong(String what, String text) {
    return new IllegalArgumentException(
        what
            + " must be at most "
            + maxTextLength()
            + " characters (semblance.max_text_length), got: "
            + text.length());
  }

  private <T> void execute(
      String executor, ActionListener<T> listener, CheckedSupplier<T, Exception> work) {
    ThreadPool pool = threads;
    if (pool == null) {
      throw notStarted();
    }
    pool.executor(executor).execute(ActionRunnable.supply(listener, work));
  }

  private TextEmbedder embedder() {
    TextEmbedder loaded = embedder;
    if (loaded == null) {
      throw notStarted();
    }
    return loaded;
  }

  private static IllegalStateException notStarted() {
    return new IllegalStateException("the node has not loaded its model yet; try again");
  }

  @Override
  public void close() {
    if (embedder != null) {
      embedder.close();
    }
  }
}
