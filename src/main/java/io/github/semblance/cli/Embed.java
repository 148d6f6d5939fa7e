package io.github.semblance.cli;

import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.TextEmbedder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
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
      description = "query or passage: some models prefix them differently (${DEFAULT-VALUE}).")
  private Kind kind;

  @Option(
      names = "--normalize",
      arity = "1",
      description = "true or false: scale vectors to length 1; what the model does by default.")
  private @Nullable Boolean normalize;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  Embed() {}

  @Override
  public Integer call() throws IOException {
    Streams streams = semblance.streams();
    long cut = 0;
    try (TextEmbedder embedder =
            normalize == null ? model.load() : model.loadNormalized(normalize);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(streams.in(), strictUtf8()))) {
      for (List<String> batch = read(lines); !batch.isEmpty(); batch = read(lines)) {
        List<Embedding> embeddings =
            switch (kind) {
              case QUERY -> batch.stream().map(embedder::embedQuery).toList();
              case PASSAGE -> embedder.embedPassages(batch);
            };
        for (int i = 0; i < batch.size(); i++) {
          Embedding embedding = embeddings.get(i);
          cut += embedding.droppedTokens() > 0 ? 1 : 0;
          ObjectNode json =
              JsonMapper.shared()
                  .createObjectNode()
                  .put("text", batch.get(i))
                  .put("tokens", embedding.tokens());
          ArrayNode vector = json.putArray("vector");
          for (float component : embedding.vector()) {
            vector.add(component);
          }
          streams.out().println(json);
        }
        streams.out().flush();
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

  private static CharsetDecoder strictUtf8() {
    return StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  /** What there is to read now, at least one line unless the input ends. */
  private static List<String> read(BufferedReader lines) throws IOException {
    List<String> batch = new ArrayList<>();
    do {
      String line = lines.readLine();
      if (line == null) {
        break;
      }
      batch.add(line);
    } while (batch.size() < BATCH && lines.ready());
    return batch;
  }
}
