package io.github.semblance.cli;

import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.TextEmbedder;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code embed}: lines in, vectors out. */
@Command(
    name = "embed",
    description = {
      "Reads one text per line on standard input and prints its vector.",
      "Output: one JSON object per line, with text, tokens and vector."
    })
final class Embed implements Callable<Integer> {
  /** Lines that are embedded together when input arrives faster than it is embedded. */
  private static final int BATCH = 256;

  enum Kind {
    QUERY,
    PASSAGE
  }

  @ParentCommand private Semblance semblance;
  @Mixin private ModelOptions model;

  @Option(
      names = "--kind",
      defaultValue = "passage",
      paramLabel = "KIND",
      description = "query or passage: some models prefix them differently (${DEFAULT-VALUE}).")
  private Kind kind;

  @Option(
      names = "--normalize",
      arity = "1",
      paramLabel = "BOOLEAN",
      description =
          "true or false: whether vectors have length 1; as the model is made to by default.")
  private @Nullable Boolean normalize;

  private long cut;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  Embed() {}

  @Override
  public Integer call() throws IOException, CommandFailure {
    Streams streams = semblance.streams();
    Utf8Lines lines = new Utf8Lines(streams.in());
    try (TextEmbedder embedder =
        normalize == null ? model.load() : model.loadNormalized(normalize)) {
      boolean more = true;
      // Whoever no longer reads wants no more: the input may be endless.
      while (more && !streams.out().checkError()) {
        List<String> batch = new ArrayList<>();
        try {
          more = read(lines, batch);
        } finally {
          // Also of what comes before a line that cannot be read.
          print(batch, embedder);
        }
      }
      if (cut > 0) {
        streams
            .err()
            .println(
                "semblance: "
                    + cut
                    + " texts were longer than the window of "
                    + embedder.model().maxTokens()
                    + " word pieces and were cut");
      }
    }
    return 0;
  }

  /**
   * Reads what there is now, at least one line unless the input ends.
   *
   * @return whether there may be more
   */
  private static boolean read(Utf8Lines lines, List<String> batch)
      throws IOException, CommandFailure {
    do {
      String line = lines.next();
      if (line == null) {
        return false;
      }
      batch.add(line);
    } while (batch.size() < BATCH && lines.isReady());
    return true;
  }

  private void print(List<String> texts, TextEmbedder embedder) {
    List<Embedding> embeddings =
        switch (kind) {
          case QUERY -> texts.stream().map(embedder::embedQuery).toList();
          case PASSAGE -> embedder.embedPassages(texts);
        };
    PrintWriter out = semblance.streams().out();
    for (int i = 0; i < texts.size(); i++) {
      Embedding embedding = embeddings.get(i);
      cut += embedding.droppedTokens() > 0 ? 1 : 0;
      ObjectNode json =
          JsonMapper.shared()
              .createObjectNode()
              .put("text", texts.get(i))
              .put("tokens", embedding.tokens());
      ArrayNode vector = json.putArray("vector");
      for (float component : embedding.vector()) {
        vector.add(component);
      }
      out.println(Printable.json(json));
    }
    out.flush();
  }
}
