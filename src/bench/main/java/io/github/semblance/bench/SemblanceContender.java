package io.github.semblance.bench;

import io.github.semblance.bert.BertEmbedder;
import io.github.semblance.bert.Precision;
import io.github.semblance.bert.checkpoint.BertModel;
import io.github.semblance.embed.Embedding;
import java.util.List;
import java.util.Locale;

/** This project. */
record SemblanceContender(BertEmbedder embedder) implements Contender {
  /** After 32 calls of 1,024 it compares ways to compute attention, which takes some more. */
  private static final long WARM_UP_TOKENS = 60_000;

  static SemblanceContender load(BertModel model, Precision precision, int threads) {
    return new SemblanceContender(
        BertEmbedder.load(
            model, BertEmbedder.Options.defaults().withPrecision(precision).withThreads(threads)));
  }

  @Override
  public String name() {
    return "semblance " + precision().name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Precision precision() {
    return BertEmbedder.Options.of(embedder.model()).precision();
  }

  @Override
  public int maxTokens() {
    return embedder.model().maxTokens();
  }

  @Override
  public List<float[]> embed(List<String> texts) {
    return embedder.embedPassages(texts).stream().map(Embedding::vector).toList();
  }

  @Override
  public void warmUp(List<String> texts) {
    Contender.super.warmUp(texts);
    long tokens = 0;
    boolean compares = precision() == Precision.FP32 && !texts.isEmpty();
    while (compares && tokens < WARM_UP_TOKENS) {
      tokens += embedder.embedPassages(texts).stream().mapToLong(Embedding::tokens).sum();
    }
  }

  @Override
  public float[] embedQuery(String query) {
    return embedder.embedQuery(query).vector();
  }

  @Override
  public void close() {
    embedder.close();
  }
}
