package io.github.semblance.bench;

import io.github.semblance.bert.BertEmbedder;
import io.github.semblance.bert.Precision;
import io.github.semblance.bert.checkpoint.CheckpointException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A process of its own that embeds many texts and watches its memory. */
@Command(name = "peak-memory", hidden = true)
final class PeakMemory implements Callable<Integer> {
  private static final int BATCH = 256;

  /** Half of the texts are cut here, the others are titles: as varied in length as messages. */
  private static final int LONGEST = 400;

  private static final int QUARTERS = 4;

  @Option(names = "--model", required = true)
  private String model = "";

  @Option(names = "--precision", required = true)
  private Precision precision = Precision.FP32;

  @Option(names = "--texts", required = true)
  private int count;

  PeakMemory() {}

  /** Prints the memory held after each quarter of the texts, and the most ever held, in MB. */
  @Override
  public Integer call() throws CheckpointException {
    List<String> documents = BenchTexts.documents(count / 2);
    List<String> titles = BenchTexts.queries(count - count / 2);
    StringBuilder held = new StringBuilder();
    try (BertEmbedder embedder =
        BertEmbedder.load(model, BertEmbedder.Options.defaults().withPrecision(precision))) {
      for (int quarter = 0; quarter < QUARTERS; quarter++) {
        embed(embedder, quarterOf(documents, quarter));
        embed(embedder, quarterOf(titles, quarter));
        held.append(Math.round(Machine.memoryMb("VmRSS"))).append(' ');
      }
    }
    System.out.println(held.append(Math.round(Machine.memoryMb("VmHWM"))));
    return 0;
  }

  private static void embed(BertEmbedder embedder, List<String> texts) {
    for (int from = 0; from < texts.size(); from += BATCH) {
      embedder.embedPassages(
          texts.subList(from, Math.min(from + BATCH, texts.size())).stream()
              .map(text -> text.substring(0, Math.min(LONGEST, text.length())))
              .toList());
    }
  }

  private static List<String> quarterOf(List<String> texts, int quarter) {
    return texts.subList(
        texts.size() * quarter / QUARTERS, texts.size() * (quarter + 1) / QUARTERS);
  }
}
