package io.github.semblance.bert;

import io.github.semblance.bert.checkpoint.BertModel;
import io.github.semblance.bert.checkpoint.CatalogueEntry;
import io.github.semblance.bert.checkpoint.Checkpoint;
import io.github.semblance.bert.checkpoint.Fingerprint;
import io.github.semblance.bert.checkpoint.ModelCatalogue;
import io.github.semblance.bert.checkpoint.ModelTrust;
import io.github.semblance.bert.checkpoint.TorchScriptModel;
import io.github.semblance.embed.EmbeddingException;
import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.embed.ModuleVersion;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns an open model into an embedder. Stateless. */
final class BertLoader {
  private static final Logger LOG = LoggerFactory.getLogger(BertLoader.class);

  private BertLoader() {}

  /**
   * Starts libtorch on a thread of its own while the weights are read: each takes about a quarter
   * of a second. A failure is told by whoever loads a model next.
   */
  static void startEarly() {
    // While the system loads a library, whoever calls a native method of the JDK for the first time
    // waits: what is read by such methods is read before.
    List<CatalogueEntry> unused = ModelCatalogue.entries();
    Thread.ofPlatform().daemon().name("semblance-start").start(BertLoader::tryToStart);
  }

  private static void tryToStart() {
    try {
      TorchRuntime.start();
    } catch (EmbeddingException e) {
      LOG.debug("libtorch did not start; loading the model will say why", e);
    }
  }

  /**
   * Loads a model that is open.
   *
   * @throws EmbeddingException if libtorch can't be started or refuses the model, or the model is a
   *     program and the options don't allow it to run
   */
  static BertEmbedder load(
      BertModel model, BertEmbedder.Options options, ShortQueries.Choice choice) {
    ModuleVersion.requireThatOfCore(BertEmbedder.class);
    if (model instanceof TorchScriptModel module && options.trust() != ModelTrust.TORCHSCRIPT) {
      throw new EmbeddingException(
          module.module()
              + " is a TorchScript module, a program that could do anything: it is run only with"
              + " BertEmbedder.Options.withTrust(ModelTrust.TORCHSCRIPT), got: "
              + options.trust());
    }
    Checkpoint.Facts facts = facts(model, options);
    // Needs no libtorch, which starts and compiles the encoder meanwhile.
    CompletableFuture<WordPieceEncoder> tokenizer =
        CompletableFuture.supplyAsync(
            () -> TorchRuntime.inOwnClassLoader(() -> tokenizer(model, facts)),
            Thread.ofPlatform().daemon().name("semblance-tokenizer")::start);
    try {
      TorchRuntime.start();
      return TorchRuntime.inOwnClassLoader(
          () -> loadStarted(model, facts, tokenizer, options, choice));
    } catch (RuntimeException | Error e) {
      CompletableFuture<Void> unused = tokenizer.thenAccept(WordPieceEncoder::close);
      throw e;
    }
  }

  private static WordPieceEncoder tokenizer(BertModel model, Checkpoint.Facts facts) {
    try {
      return new WordPieceEncoder(
          model.name() + ": tokenizer.json", model.tokenizerJson(), facts.maxTokens());
    } catch (EmbeddingException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      throw new EmbeddingException(
          "the tokenizer of the model " + model.name() + " cannot be used: " + e.getMessage(), e);
    }
  }

  private static BertEmbedder loadStarted(
      BertModel model,
      Checkpoint.Facts facts,
      CompletableFuture<WordPieceEncoder> early,
      BertEmbedder.Options options,
      ShortQueries.Choice choice) {
    TorchRuntime.prepareThread(1);
    Encoder encoder = null;
    try {
      encoder =
          switch (model) {
            case Checkpoint checkpoint -> encoder(checkpoint, facts, options.precision());
            case TorchScriptModel module -> TracedModule.load(module, facts, options.precision());
          };
      WordPieceEncoder tokenizer = early.join();
      int dimension = encoder.embed(new TokenBatch(List.of(tokenizer.encode("x").ids)))[0].length;
      EmbeddingModel described =
          new EmbeddingModel(
              model.name(),
              dimension,
              facts.maxTokens(),
              tokenizer.encode(facts.passagePrefix()).ids.length,
              facts.cosineFloor(),
              fingerprint(model, options),
              ModelProperties.of(facts, options.precision()));
      return new BertEmbedder(described, facts, tokenizer, encoder, options, choice);
    } catch (RuntimeException e) {
      if (encoder != null) {
        encoder.close();
      }
      // Of two failures the tokenizer's is told, whichever came first.
      Throwable reason =
          early.handle((read, refused) -> refused == null ? e : early.exceptionNow()).join();
      throw reason instanceof EmbeddingException known
          ? known
          : new EmbeddingException(
              "libtorch refused the model " + model.name() + ": " + reason.getMessage(), reason);
    }
  }

  /** With linear layers, it is their vectors that are normalised. */
  static Encoder encoder(Checkpoint checkpoint, Checkpoint.Facts facts, Precision precision) {
    if (checkpoint.dense().isEmpty()) {
      return BertModule.load(checkpoint, facts, precision);
    }
    Checkpoint.Facts pooled = facts.withNormalized(false);
    return new DenseEncoder(
        BertModule.load(checkpoint, pooled, precision), checkpoint.dense(), facts.normalized());
  }

  private static Checkpoint.Facts facts(BertModel model, BertEmbedder.Options options) {
    Checkpoint.Facts facts = model.facts();
    return options.normalization() == null ? facts : facts.withNormalized(options.normalization());
  }

  /** The model's own, unless options change its vectors. */
  private static String fingerprint(BertModel model, BertEmbedder.Options options) {
    String fingerprint = model.fingerprint();
    if (options.precision() != Precision.FP32) {
      fingerprint = Fingerprint.extend(fingerprint, "precision", options.precision().name());
    }
    Boolean normalization = options.normalization();
    return normalization == null || normalization == model.facts().normalized()
        ? fingerprint
        : Fingerprint.extend(fingerprint, "normalized", normalization.toString());
  }
}
