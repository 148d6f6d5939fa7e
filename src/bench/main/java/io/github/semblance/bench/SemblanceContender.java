package io.github.semblance.bench;

import io.github.semblance.bert.BertEmbedder;
import io.github.semblance.bert.Precision;
import io.github.semblance.bert.checkpoint.BertModel;
import io.github.semblance.embed.Embedding;
import java.util.List;
import java.util.Locale;

/** This project. */
record SemblanceContender(BertEmbedder embedder) implements Contender {
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
  public float[] embedQuery(String query) {
    return embedder.embedQuery(query).vector();
  }

  @Override
  public void close() {
    embedder.close();
  }
}
