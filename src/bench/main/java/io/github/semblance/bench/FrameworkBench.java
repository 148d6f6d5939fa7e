package io.github.semblance.bench;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import io.github.semblance.bert.BertEmbedder;
import io.github.semblance.embed.WordPiece;
import io.github.semblance.langchain4j.SemblanceEmbeddingModel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.lucene.util.VectorUtil;
import org.springframework.ai.transformers.TransformersEmbeddingModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares a framework's own in-process model with Semblance as that framework calls it. */
@Command(
    name = "frameworks",
    description =
        "Embeds the same texts through LangChain4j and Spring AI, each with its own in-process"
            + " model and with Semblance, the same weights, in turns, and prints ratios.",
    mixinStandardHelpOptions = true)
final class FrameworkBench implements Callable<Integer> {
  /** The frameworks' own models cut texts at 128 word pieces, special ones included. */
  private static final int MOST_PIECES = 126;

  private static final double LEAST_COSINE = 0.999;

  @Option(names = "--rounds", defaultValue = "5", description = "(${DEFAULT-VALUE})")
  private int rounds;

  @Option(names = "--texts", defaultValue = "64", description = "Per call (${DEFAULT-VALUE}).")
  private int textCount;

  FrameworkBench() {}

  /** A model as a framework calls it. */
  @FunctionalInterface
  private interface Model {
    List<float[]> embed(List<String> texts);
  }

  @Override
  public Integer call() throws Exception {
    // First, because DJL's part of Spring AI wants to be the one that starts ONNX Runtime.
    try (TransformersEmbeddingModel spring = new TransformersEmbeddingModel();
        BertEmbedder embedder = BertEmbedder.load("all-MiniLM-L6-v2")) {
      List<String> texts =
          BenchTexts.documents(textCount).stream().map(text -> shortened(text, embedder)).toList();
      // The files that LangChain4j publishes, because the default is an address on the internet.
      spring.setModelResource("classpath:/all-minilm-l6-v2.onnx");
      spring.setTokenizerResource("classpath:/all-minilm-l6-v2-tokenizer.json");
      spring.setDisableCaching(true);
      spring.afterPropertiesSet();
      var own = new AllMiniLmL6V2EmbeddingModel();
      var throughLangChain = SemblanceEmbeddingModel.of(embedder);
      var throughSpring =
          io.github.semblance.springai.SemblanceEmbeddingModel.builder(embedder).build();
      Map<String, Model> models = new LinkedHashMap<>();
      models.put("langchain4j own", batch -> langChain(own, batch));
      models.put("langchain4j semblance", batch -> langChain(throughLangChain, batch));
      models.put("spring ai own", spring::embed);
      models.put("spring ai semblance", throughSpring::embed);
      requireSameVectors(models, texts.subList(0, Math.min(8, texts.size())));
      Map<String, Samples> seconds = race(models, texts);
      System.out.printf(
          Locale.ROOT, "%d texts per call, medians of %d rounds in turns%n", texts.size(), rounds);
      seconds.forEach(
          (name, samples) ->
              System.out.printf(
                  Locale.ROOT, "%-22s %8.1f texts/s%n", name, texts.size() / samples.median()));
      ratio("langchain4j", seconds);
      ratio("spring ai", seconds);
    }
    return 0;
  }

  private static String shortened(String text, BertEmbedder embedder) {
    List<WordPiece> pieces = embedder.wordPieces(text);
    return pieces.size() <= MOST_PIECES ? text : text.substring(0, pieces.get(MOST_PIECES).start());
  }

  private static List<float[]> langChain(
      dev.langchain4j.model.embedding.EmbeddingModel model, List<String> texts) {
    return model.embedAll(texts.stream().map(TextSegment::from).toList()).content().stream()
        .map(dev.langchain4j.data.embedding.Embedding::vector)
        .toList();
  }

  /** Whoever computes something else has no place in a race. */
  private static void requireSameVectors(Map<String, Model> models, List<String> texts) {
    List<float[]> expected = models.values().iterator().next().embed(texts);
    models.forEach(
        (name, model) -> {
          List<float[]> got = model.embed(texts);
          for (int i = 0; i < texts.size(); i++) {
            float cosine = VectorUtil.cosine(expected.get(i), got.get(i));
            if (cosine < LEAST_COSINE) {
              throw new IllegalStateException(
                  name + " has a cosine of " + cosine + " to the first for text " + i);
            }
          }
        });
  }

  private Map<String, Samples> race(Map<String, Model> models, List<String> texts) {
    Map<String, Samples> seconds = new LinkedHashMap<>();
    models.keySet().forEach(name -> seconds.put(name, new Samples()));
    for (int round = -1; round < rounds; round++) { // the first warms up
      List<Map.Entry<String, Model>> order = new ArrayList<>(models.entrySet());
      Collections.rotate(order, round);
      for (Map.Entry<String, Model> entry : order) {
        long start = System.nanoTime();
        List<float[]> unused = entry.getValue().embed(texts);
        Samples samples = seconds.get(entry.getKey());
        if (round >= 0 && samples != null) {
          samples.add((System.nanoTime() - start) / 1e9);
        }
      }
    }
    return seconds;
  }

  private static void ratio(String framework, Map<String, Samples> seconds) {
    Samples own = seconds.get(framework + " own");
    Samples ours = seconds.get(framework + " semblance");
    if (own != null && ours != null) {
      System.out.printf(
          Locale.ROOT,
          "%s: Semblance is %.2f times as fast as its own model%n",
          framework,
          own.median() / ours.median());
    }
  }
}
