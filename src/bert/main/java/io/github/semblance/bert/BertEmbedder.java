package io.github.semblance.bert;

import io.github.semblance.bert.checkpoint.BertModel;
import io.github.semblance.bert.checkpoint.Checkpoint;
import io.github.semblance.bert.checkpoint.CheckpointException;
import io.github.semblance.bert.checkpoint.ModelStore;
import io.github.semblance.bert.checkpoint.ModelTrust;
import io.github.semblance.embed.Calibration;
import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.EmbeddingException;
import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.embed.WordPiece;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Embeds texts with a BERT model on DJL's PyTorch engine, inside this JVM.
 *
 * <p>Safe for use by many threads, and meant to be shared: one instance holds the model's weights
 * once (MiniLM: about 90 MB of native memory). {@link #embedPassages} spreads its texts over a
 * fixed pool of platform threads, each of which tokenises and computes its own share. {@link
 * #embedQuery} has all those cores to itself while nothing else needs them, and otherwise computes
 * on the calling thread, so that a query never queues.
 *
 * <p>Its fourth query has one of the threads prepare for short ones, as {@link #prepareQueries}
 * does: once per machine and model it compares encoders of their own with libtorch. Those copy the
 * linear layers to the heap with 16 bits a weight (MiniLM: 21 MB; int8: 8 bits), and need {@code
 * java --add-modules jdk.incubator.vector}. Their vectors have a cosine of .9999998 or more to the
 * others.
 *
 * <p>In such a JVM the Vector API may compute the attention of passages, too. An fp32 model has a
 * thread compare both after 32 calls; its vectors then change by 1e-6 at most. An int8 model
 * decides before its first passage, which waits for the JIT compiler, 5 s at most.
 *
 * <pre>{@code
 * try (TextEmbedder embedder = BertEmbedder.load("all-MiniLM-L6-v2")) {
 *   float[] vector = embedder.embedQuery("Is it too late to join?").vector();
 * }
 * }</pre>
 *
 * <p>Nothing is ever downloaded: natives come from the class path and models from where {@link
 * ModelStore} finds them.
 */
public final class BertEmbedder implements TextEmbedder {
  /** Calls under way in this process, of any model. */
  static final AtomicInteger UNDER_WAY = new AtomicInteger();

  private final EmbeddingModel model;
  private final String queryPrefix;
  private final String passagePrefix;
  private final @Nullable Calibration calibration;
  private final WordPieceEncoder tokenizer;
  private final Encoder encoder;
  private final TorchPool pool;
  private final Options options;

  /** Calls hold the read lock; closing takes the write lock, so it waits for calls in flight. */
  private final ReadWriteLock lifetime = new ReentrantReadWriteLock();

  private final ShortQueries shortQueries;
  private final ManyPassages manyPassages;
  private boolean closed;

  /**
   * How an embedder uses the machine.
   *
   * @param threads threads that embed passages, at least 1
   * @param tokensPerCall the most word pieces in one call of the model, at least 1; a single longer
   *     text is still one call. More costs memory and wins little beyond about a thousand
   * @param precision arithmetic of the linear layers
   * @param normalization whether vectors are scaled to length 1, or null for what the model's facts
   *     say
   * @param trust what may be opened, and whether a program that came with the model may run
   */
  public record Options(
      int threads,
      int tokensPerCall,
      Precision precision,
      @Nullable Boolean normalization,
      ModelTrust trust) {
    /** Checks the ranges stated above. */
    public Options {
      if (threads < 1) {
        throw new IllegalArgumentException("threads must be at least 1, got: " + threads);
      }
      if (tokensPerCall < 1) {
        throw new IllegalArgumentException(
            "tokensPerCall must be at least 1, got: " + tokensPerCall);
      }
    }

    /** One thread per processor, 1024 word pieces a call, full precision, no programs. */
    public static Options defaults() {
      return new Options(
          Runtime.getRuntime().availableProcessors(),
          1024,
          Precision.FP32,
          null,
          ModelTrust.WEIGHTS);
    }

    /** The options that the vectors of an index were made with, where its model tells. */
    public static Options of(EmbeddingModel indexed) {
      return defaults().withPrecision(ModelProperties.precision(indexed));
    }

    /** These options with another number of threads. */
    public Options withThreads(int threads) {
      return new Options(threads, tokensPerCall, precision, normalization, trust);
    }

    /** These options with another size of call. */
    public Options withTokensPerCall(int tokensPerCall) {
      return new Options(threads, tokensPerCall, precision, normalization, trust);
    }

    /** These options with another precision. */
    public Options withPrecision(Precision precision) {
      return new Options(threads, tokensPerCall, precision, normalization, trust);
    }

    /** These options with vectors of length 1, or of the length that pooling gives. */
    public Options withNormalization(boolean normalization) {
      return new Options(threads, tokensPerCall, precision, normalization, trust);
    }

    /**
     * These options with more trust, or less, in the model and in its name. {@link
     * ModelTrust#TORCHSCRIPT} lets a program that came with the model run in this process.
     */
    public Options withTrust(ModelTrust trust) {
      return new Options(threads, tokensPerCall, precision, normalization, trust);
    }
  }

  BertEmbedder(
      EmbeddingModel model,
      Checkpoint.Facts facts,
      WordPieceEncoder tokenizer,
      Encoder encoder,
      Options options,
      ShortQueries.Choice choice) {
    this.model = model;
    this.queryPrefix = facts.queryPrefix();
    this.passagePrefix = facts.passagePrefix();
    this.calibration = facts.calibration();
    this.tokenizer = tokenizer;
    this.encoder = encoder;
    this.options = options;
    this.pool = new TorchPool("embed", options.threads());
    this.manyPassages = new ManyPassages(encoder, pool, UNDER_WAY);
    this.shortQueries =
        new ShortQueries(
            new ShortQueries.Task(
                encoder,
                options.precision(),
                model.maxTokens(),
                options.threads(),
                QueryChoiceFile.of(model, options.threads())),
            choice,
            pool.threads(),
            UNDER_WAY);
  }

  /**
   * Loads a model with default options.
   *
   * @param model what {@link ModelStore} calls it: a name, a folder, {@code hf:…} or {@code mvn:…}
   * @throws CheckpointException if the model is not on this machine or can't be read
   * @throws EmbeddingException if libtorch can't be started or refuses the model
   */
  public static BertEmbedder load(String model) throws CheckpointException {
    return load(model, Options.defaults());
  }

  /**
   * Loads a model.
   *
   * @param model what {@link ModelStore} calls it: a name, a folder, {@code hf:…} or {@code mvn:…}
   * @throws CheckpointException if the model is not on this machine, can't be read, or needs more
   *     trust than the options give
   * @throws EmbeddingException if libtorch can't be started or refuses the model
   */
  public static BertEmbedder load(String model, Options options) throws CheckpointException {
    BertLoader.startEarly();
    try {
      return load(ModelStore.system().open(model, options.trust()), options);
    } catch (EmbeddingException e) {
      if (e.getCause() instanceof CheckpointException refused) {
        throw refused;
      }
      throw e;
    }
  }

  /**
   * Loads a model that {@link ModelStore} has opened.
   *
   * @throws EmbeddingException if libtorch can't be started or refuses the model, or the model is a
   *     program and the options don't allow it to run
   */
  public static BertEmbedder load(BertModel model, Options options) {
    return BertLoader.load(model, options, ShortQueries.Choice.FASTEST);
  }

  /**
   * Has the process wait at its exit, for some seconds at most, until calls under way are done: a
   * thread that computes while libtorch is taken down crashes the JVM. For a program's {@code
   * main}; a library or a server closes its embedders instead, and then needs no shutdown hook.
   */
  public static void finishAtExit() {
    TorchPool.finishAtExit();
  }

  /**
   * Sets the folder that native libraries are unpacked to, about 500 MB, by default {@code
   * ~/.djl.ai}. Has an effect before libtorch is started, unless DJL's own settings name another.
   */
  public static void unpackNativesTo(Path folder) {
    TorchRuntime.unpackNativesTo(folder);
  }

  /**
   * Starts libtorch if it is not running yet, and tells which it is.
   *
   * @throws EmbeddingException if it can't be started
   */
  public static String engine() {
    TorchRuntime.start();
    return TorchRuntime.describe();
  }

  @Override
  public EmbeddingModel model() {
    return model;
  }

  @Override
  public Optional<Calibration> calibration() {
    return Optional.ofNullable(calibration);
  }

  @Override
  public Embedding embedQuery(String query) {
    return whileOpen(alone -> embedQuery(queryPrefix + query, alone));
  }

  /**
   * Prepares for short queries now, instead of after some of them, and tells what will answer them
   * and why: for a server before its first request. Waits for it, up to some seconds the first time
   * on a machine; the choice is remembered in the user's cache folder.
   *
   * @throws EmbeddingException if the embedder is closed, or the caller interrupted
   */
  public String prepareQueries() {
    lifetime.readLock().lock();
    try {
      if (closed) {
        throw closed();
      }
      return shortQueries.prepareNow();
    } finally {
      lifetime.readLock().unlock();
    }
  }

  /** By the first of three ways that is open to it, the fastest first. */
  private Embedding embedQuery(String text, boolean alone) {
    if (shortQueries.another()) {
      WordPieceEncoder.Ids ids = tokenizer.encode(text);
      QueryEncoder prepared = shortQueries.of(ids.ids.length);
      if (prepared != null) {
        float[] vector = prepared.embed(ids.ids, alone ? options.threads() : 1);
        return new Embedding(vector, ids.ids.length, ids.dropped);
      }
    }
    if (alone && options.threads() > 1 && QueryThread.pays()) {
      Callable<List<Embedding>> call = () -> embedUnlessClosed(text);
      return TorchPool.collect(List.of(QueryThread.submit(options.threads(), call)), 1).get(0);
    }
    // Two that each spread over all cores would wait for each other at every step.
    TorchRuntime.prepareThread(1);
    return embed("", List.of(text), encoder::embed).get(0);
  }

  /** Holds the lock itself, because its caller may have been interrupted and gone. */
  private List<Embedding> embedUnlessClosed(String text) {
    if (!lifetime.readLock().tryLock()) {
      throw closed();
    }
    try {
      return embed("", List.of(text), encoder::embed);
    } finally {
      lifetime.readLock().unlock();
    }
  }

  @Override
  public List<Embedding> embedPassages(List<String> texts) {
    List<String> passages = List.copyOf(texts);
    return whileOpen(
        alone -> {
          List<Future<List<Embedding>>> shares = new ArrayList<>();
          for (List<String> share : Shares.of(passages, model.maxTokens(), options)) {
            shares.add(
                manyPassages.submit(() -> embed(passagePrefix, share, encoder::embedPassages)));
          }
          return TorchPool.collect(shares, passages.size());
        });
  }

  @Override
  public boolean embedsQueriesLikePassages() {
    return queryPrefix.equals(passagePrefix);
  }

  @Override
  public List<WordPiece> wordPieces(String text) {
    return whileOpen(alone -> tokenizer.wordPieces(text));
  }

  @Override
  public void close() {
    lifetime.writeLock().lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      pool.close();
      shortQueries.forget();
      encoder.close();
      tokenizer.close();
    } finally {
      lifetime.writeLock().unlock();
    }
  }

  /** Makes a call, telling it whether it is the only one under way in this process. */
  private <T> T whileOpen(Function<Boolean, T> call) {
    lifetime.readLock().lock();
    boolean alone = UNDER_WAY.getAndIncrement() == 0;
    try {
      if (closed) {
        throw closed();
      }
      return call.apply(alone);
    } catch (RejectedExecutionException e) {
      throw new EmbeddingException("the process is exiting", e);
    } finally {
      UNDER_WAY.decrementAndGet();
      lifetime.readLock().unlock();
    }
  }

  private EmbeddingException closed() {
    return new EmbeddingException("the embedder of " + model.name() + " is closed");
  }

  /** Embeds texts on the calling thread. */
  private List<Embedding> embed(
      String prefix, List<String> texts, Function<TokenBatch, float[][]> call) {
    Embedding[] embeddings = new Embedding[texts.size()];
    List<WordPieceEncoder.Ids> pending = new ArrayList<>();
    int tokens = 0;
    int first = 0;
    for (int i = 0; i < texts.size(); i++) {
      WordPieceEncoder.Ids ids = tokenizer.encode(prefix + texts.get(i));
      if (tokens > 0 && tokens + ids.ids.length > options.tokensPerCall()) {
        run(pending, embeddings, first, call);
        first = i;
        tokens = 0;
        pending.clear();
      }
      pending.add(ids);
      tokens += ids.ids.length;
    }
    if (!pending.isEmpty()) {
      run(pending, embeddings, first, call);
    }
    return Arrays.asList(embeddings);
  }

  private static void run(
      List<WordPieceEncoder.Ids> texts,
      Embedding[] embeddings,
      int first,
      Function<TokenBatch, float[][]> call) {
    TokenBatch batch = new TokenBatch(texts.stream().map(text -> text.ids).toList());
    float[][] vectors = call.apply(batch);
    for (int place = 0; place < batch.size(); place++) {
      WordPieceEncoder.Ids ids = texts.get(batch.textAt(place));
      embeddings[first + batch.textAt(place)] =
          new Embedding(vectors[place], ids.ids.length, ids.dropped);
    }
  }
}
