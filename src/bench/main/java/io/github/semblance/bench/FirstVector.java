package io.github.semblance.bench;

import io.github.semblance.bert.BertEmbedder;
import io.github.semblance.bert.checkpoint.CheckpointException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A process of its own that ends with its first vector: how long a start takes. */
@Command(name = "first-vector", hidden = true)
final class FirstVector implements Callable<Integer> {
  @Option(names = "--model", required = true)
  private String model = "";

  FirstVector() {}

  @Override
  public Integer call() throws CheckpointException {
    try (BertEmbedder embedder = BertEmbedder.load(model)) {
      System.out.println(embedder.embedQuery("Is it too late to join?").vector().length);
    }
    return 0;
  }
}
