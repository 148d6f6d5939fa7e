package io.github.semblance.opensearch;

import io.github.semblance.bert.BertEmbedder;
import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.index.PassageEmbedder;
import io.github.semblance.index.PassageEmbedder.TitledText;
import io.github.semblance.index.PassageVector;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.opensearch.action.ActionRunnable;
import org.opensearch.common.settings.Setting;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.unit.TimeValue;
import org.opensearch.core.action.ActionListener;
import org.opensearch.core.concurrency.OpenSearchRejectedExecutionException;
import org.opensearch.env.Environment;
import org.opensearch.secure_sm.AccessController;
import org.opensearch.tasks.Task;
import org.opensearch.threadpool.ExecutorBuilder;
import org.opensearch.threadpool.FixedExecutorBuilder;
import org.opensearch.threadpool.ThreadPool;

/**
 * The models of a node, the threads that wait for them, and counts of what they did. Thread-safe.
 *
 * <p>Documents and queries have a bounded queue each, so that a query never waits behind a bulk
 * request; what does not fit is rejected with status 429, as OpenSearch rejects what its own queues
 * cannot take. A bulk request is embedded in slices that take turns with those of others.
 */
final class NodeModels implements Closeable {
  static final String INGEST = "semblance_ingest";
  static final String QUERY = "semblance_query";

  /** How many documents of a request are embedded before it is another one's turn. */
  static final int SLICE = 16;

  private final Settings settings;
  private final BulkAnswers answers = new BulkAnswers();
  private final EmbeddingCounts counts = new EmbeddingCounts();
  private final NativeMemory memory;
  private volatile @Nullable Started started;

  private record Started(LoadedModels models, ThreadPool threads) {}

  NodeModels(Settings settings) {
    this.settings = settings;
    this.memory = new NativeMemory(NodeSettings.NATIVE_MEMORY_LIMIT.get(settings).getBytes());
  }

  /** Two that embed documents: while one waits for the model, the other cuts the next ones. */
  static List<ExecutorBuilder<?>> executors(Settings settings) {
    int processors = Runtime.getRuntime().availableProcessors();
    return List.of(
        new FixedExecutorBuilder(settings, INGEST, 2, 100, "semblance.ingest"),
        new FixedExecutorBuilder(settings, QUERY, processors, 1000, "semblance.query"));
  }

  /** Loads the default model, if the node may have any; without it the node does not start. */
  void start(ThreadPool pool, Environment environment) {
    answers.start(pool);
    // Nothing of ours is written outside of the node's own data.
    Path folder = environment.dataFiles()[0].resolve("semblance");
    BertEmbedder.unpackNativesTo(folder);
    LoadedModels loaded =
        new LoadedModels(
            NodeSettings.models(settings),
            // Whoever asks first may not read files; the plugin may.
            name -> AccessController.doPrivileged(() -> NodeSettings.load(settings, name, folder)),
            NodeSettings.MOST_LOADED.get(settings),
            System::nanoTime);
    if (!loaded.names().isEmpty()) {
      EmbeddingModel unused = loaded.facts(defaultModel());
    }
    started = new Started(loaded, pool);
    TimeValue idle = NodeSettings.IDLE.get(settings);
    pool.scheduleWithFixedDelay(
        () -> loaded.releaseIdle(idle.nanos()),
        TimeValue.timeValueMillis(Math.max(1_000, idle.millis() / 4)),
        ThreadPool.Names.GENERIC);
  }

  /** The name of the model of indexes that name none. */
  String defaultModel() {
    return NodeSettings.MODEL.get(settings);
  }

  /** What is known of the model that a mapping names. */
  EmbeddingModel facts(String model) {
    return models().facts(model);
  }

  /** Whether the node may use a model. */
  boolean mayUse(String model) {
    return models().names().contains(model);
  }

  /** All models that the node may use, and those in memory. */
  LoadedModels models() {
    return started().models;
  }

  private Started started() {
    Started known = started;
    if (known == null) {
      throw new IllegalStateException("the node has not loaded its model yet; try again");
    }
    return known;
  }

  /** Answers requests that the plugin's threads work for. */
  BulkAnswers answers() {
    return answers;
  }

  EmbeddingCounts counts() {
    return counts;
  }

  /**
   * Refuses a long text.
   *
   * @param what begins the message
   * @param most in {@code char}s
   */
  void requireLength(String what, String text, Setting<Integer> most) {
    if (text.length() > most.get(settings)) {
      throw new IllegalArgumentException(
          what
              + " must be at most "
              + most.get(settings)
              + " characters ("
              + most.getKey()
              + "), got: "
              + text.length());
    }
  }

  /**
   * Embeds a query on a thread that is nobody else's, by a model of this node.
   *
   * @param task it is for; null for one that nobody can cancel
   */
  void embedQuery(
      @Nullable Task task, String model, String text, ActionListener<QueryVector> listener) {
    long asked = System.nanoTime();
    started()
        .threads
        .executor(QUERY)
        .execute(
            ActionRunnable.supply(
                listener,
                () -> {
                  ShardDeadline.requireNotCancelled(task);
                  QueryVector embedded =
                      models()
                          .with(model, loaded -> QueryVector.of(text, model, loaded.embedder()));
                  counts.query(System.nanoTime() - asked);
                  return embedded;
                }));
  }

  /** Embeds documents on threads of the plugin, by slices. */
  void embedDocuments(
      String model, List<TitledText> texts, ActionListener<List<List<PassageVector>>> listener) {
    Slices slices = new Slices(model, texts, listener);
    if (!slices.queue()) {
      listener.onFailure(
          new OpenSearchRejectedExecutionException(
              "too many requests wait for their documents to be embedded; send them again later"));
    }
  }

  /** Embeds documents while the caller waits. */
  List<List<PassageVector>> embedDocuments(String model, List<TitledText> texts) {
    memory.require("embedding of documents");
    long start = System.nanoTime();
    List<List<PassageVector>> embedded =
        models().with(model, loaded -> new PassageEmbedder(loaded.embedder()).embed(texts));
    counts.documents(embedded, System.nanoTime() - start);
    return embedded;
  }

  /** A request's documents, of which each run embeds a slice and then goes to the queue's end. */
  private final class Slices implements Runnable {
    private final String model;
    private final List<TitledText> texts;
    private final ActionListener<List<List<PassageVector>>> listener;
    private final List<List<PassageVector>> embedded = new ArrayList<>();

    Slices(
        String model, List<TitledText> texts, ActionListener<List<List<PassageVector>>> listener) {
      this.model = model;
      this.texts = texts;
      this.listener = listener;
    }

    @Override
    public void run() {
      try {
        do {
          int from = embedded.size();
          embedded.addAll(
              embedDocuments(model, texts.subList(from, Math.min(texts.size(), from + SLICE))));
          if (embedded.size() == texts.size()) {
            listener.onResponse(embedded);
            return;
          }
        } while (!queue()); // without room in the queue the rest is done at once
      } catch (RuntimeException e) {
        listener.onFailure(e);
      }
    }

    /** Whether there was room; then another thread may be at it already. */
    boolean queue() {
      try {
        started().threads.executor(INGEST).execute(this);
        return true;
      } catch (OpenSearchRejectedExecutionException e) {
        return false;
      }
    }
  }

  @Override
  public void close() {
    Started known = started;
    if (known != null) {
      known.models.close();
    }
  }
}
