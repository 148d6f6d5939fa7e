package io.github.semblance.bert;

import io.github.semblance.bert.checkpoint.Checkpoint;
import io.github.semblance.bert.checkpoint.CheckpointException;
import io.github.semblance.bert.checkpoint.ModelStore;
import io.github.semblance.embed.EmbeddingException;
import io.github.semblance.embed.ModuleVersion;
import io.github.semblance.embed.PassageScorer;
import io.github.semblance.embed.Relevance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Scores passages with a cross-encoder of BERT's family on DJL's PyTorch engine, inside this JVM.
 *
 * <p>Safe for use by many threads, and meant to be shared: one instance holds the model's weights
 * once. Pairs of query and passage are batched as texts are for embedding, without padding, and
 * spread over a fixed pool of threads. Nothing is ever downloaded.
 *
 * <pre>{@code
 * try (PassageScorer scorer = CrossEncoder.load("hf:cross-encoder/ms-marco-MiniLM-L6-v2")) {
 *   SearchRequest.builder("is it too late to join?").rerank(Rerank.with(scorer)).build();
 * }
 * }</pre>
 */
public final class CrossEncoder implements PassageScorer {
  private final String name;
  private final WordPieceEncoder tokenizer;
  private final Encoder encoder;
  private final BertEmbedder.Options options;
  private final TorchPool pool;

  /** Whether the model tells the query from the passage by token types. */
  private final boolean twoTypes;

  /** Calls hold the read lock; closing takes the write lock, so it waits for calls in flight. */
  private final ReadWriteLock lifetime = new ReentrantReadWriteLock();

  private boolean closed;

  private CrossEncoder(
      Checkpoint checkpoint,
      WordPieceEncoder tokenizer,
      Encoder encoder,
      BertEmbedder.Options options) {
    this.name = checkpoint.name();
    this.tokenizer = tokenizer;
    this.encoder = encoder;
    this.options = options;
    this.twoTypes = PositionTable.typesOf(checkpoint) > 1;
    this.pool = new TorchPool("score", options.threads());
  }

  /**
   * Loads a model with default options.
   *
   * @param model what {@link ModelStore} calls it: a folder, {@code hf:…} or {@code mvn:…}
   * @throws CheckpointException if the model is not on this machine, can't be read, or is no
   *     cross-encoder with one label
   * @throws EmbeddingException if libtorch can't be started or refuses the model
   */
  public static CrossEncoder load(String model) throws CheckpointException {
    return load(model, BertEmbedder.Options.defaults());
  }

  /**
   * Loads a model.
   *
   * @param model what {@link ModelStore} calls it: a folder, {@code hf:…} or {@code mvn:…}
   * @param options how to use the machine, and how far the name is trusted; normalization has no
   *     meaning here, and a program is never run
   * @throws CheckpointException as above
   * @throws EmbeddingException as above
   */
  public static CrossEncoder load(String model, BertEmbedder.Options options)
      throws CheckpointException {
    try {
      return load(ModelStore.system().openScorer(model, options.trust()), options);
    } catch (EmbeddingException e) {
      if (e.getCause() instanceof CheckpointException refused) {
        throw refused;
      }
      throw e;
    }
  }

  /**
   * Loads a model that {@link ModelStore#openScorer} has opened.
   *
   * @throws EmbeddingException if libtorch can't be started or refuses the model
   */
  public static CrossEncoder load(Checkpoint checkpoint, BertEmbedder.Options options) {
    ModuleVersion.requireThatOfCore(CrossEncoder.class);
    int outputs = checkpoint.dense().isEmpty() ? 0 : checkpoint.dense().getLast().out();
    if (outputs != 1) {
      throw new IllegalArgumentException(
          "a cross-encoder must end with a layer of one output, got: " + outputs);
    }
    TorchRuntime.start();
    return TorchRuntime.inOwnClassLoader(() -> loadStarted(checkpoint, options));
  }

  private static CrossEncoder loadStarted(Checkpoint checkpoint, BertEmbedder.Options options) {
    TorchRuntime.prepareThread(1);
    WordPieceEncoder tokenizer =
        new WordPieceEncoder(
            checkpoint.name() + ": tokenizer.json",
            checkpoint.tokenizerJson(),
            checkpoint.facts().maxTokens());
    try {
      requireTypes(checkpoint, tokenizer);
      return new CrossEncoder(
          checkpoint,
          tokenizer,
          BertLoader.encoder(checkpoint, checkpoint.facts(), options.precision()),
          options);
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e instanceof EmbeddingException
          ? e
          : new EmbeddingException(
              "libtorch refused the model " + checkpoint.name() + ": " + e.getMessage(), e);
    }
  }

  /** Without them a token would look up a row that is not there. */
  private static void requireTypes(Checkpoint checkpoint, WordPieceEncoder tokenizer) {
    int types = PositionTable.typesOf(checkpoint);
    if (types > 1 && tokenizer.typesOfPairs() > types) {
      throw new EmbeddingException(
          String.format(
              Locale.ROOT,
              "%s: tokenizer.json must have token types below %d, as the weights have, got: %d",
              checkpoint.name(),
              types,
              tokenizer.typesOfPairs() - 1));
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Relevance> score(String query, List<String> passages) {
    List<TokenPair> pairs = new ArrayList<>(passages.size());
    lifetime.readLock().lock();
    BertEmbedder.UNDER_WAY.getAndIncrement();
    try {
      if (closed) {
        throw new EmbeddingException("the cross-encoder " + name + " is closed");
      }
      for (String passage : passages) {
        pairs.add(tokenizer.encode(query, passage));
      }
      List<Future<List<Relevance>>> shares = new ArrayList<>();
      for (List<TokenPair> share : shares(pairs)) {
        shares.add(pool.submit(() -> score(share)));
      }
      return TorchPool.collect(shares, pairs.size());
    } catch (RejectedExecutionException e) {
      throw new EmbeddingException("the process is exiting", e);
    } finally {
      BertEmbedder.UNDER_WAY.decrementAndGet();
      lifetime.readLock().unlock();
    }
  }

  /** Cuts a list to calls of the model: none too large, and enough for all threads. */
  private List<List<TokenPair>> shares(List<TokenPair> pairs) {
    int total = pairs.stream().mapToInt(pair -> pair.ids().length).sum();
    int limit = Math.min(options.tokensPerCall(), Math.ceilDiv(total, options.threads()));
    List<List<TokenPair>> shares = new ArrayList<>();
    int first = 0;
    int tokens = 0;
    for (int i = 0; i < pairs.size(); i++) {
      int length = pairs.get(i).ids().length;
      if (tokens > 0 && tokens + length > limit) {
        shares.add(pairs.subList(first, i));
        first = i;
        tokens = 0;
      }
      tokens += length;
    }
    if (first < pairs.size()) {
      shares.add(pairs.subList(first, pairs.size()));
    }
    return shares;
  }

  private List<Relevance> score(List<TokenPair> pairs) {
    TokenBatch batch =
        new TokenBatch(
            pairs.stream().map(TokenPair::ids).toList(),
            twoTypes ? pairs.stream().map(TokenPair::types).toList() : List.of());
    float[][] logits = encoder.embed(batch);
    Relevance[] scores = new Relevance[pairs.size()];
    for (int place = 0; place < batch.size(); place++) {
      int pair = batch.textAt(place);
      scores[pair] = new Relevance(logits[place][0], pairs.get(pair).dropped());
    }
    return Arrays.asList(scores);
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
      encoder.close();
      tokenizer.close();
    } finally {
      lifetime.writeLock().unlock();
    }
  }
}
