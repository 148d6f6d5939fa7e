package io.github.semblance.cli;

import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.IndexManifest;
import io.github.semblance.index.Tuning;
import io.github.semblance.index.TuningStore;
import io.github.semblance.search.SearchMode;
import io.github.semblance.search.WeightTuner;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code tune}: how much should meaning weigh in an index? */
@Command(
    name = "tune",
    description = {
      "Measures how much meaning should weigh in the answers of an index, and how close it comes to"
          + " questions that it does not answer, and writes that to it, as index does by itself.",
      "Up to 400 documents with a title of three words or more are embedded once more without it,"
          + " and each title is asked of these texts. The default weight stays unless another is"
          + " better by more than chance. A weight that evaluate --save has written is replaced."
    })
final class Tune implements Callable<Integer> {
  @ParentCommand private Semblance semblance;

  @Option(names = "--index", required = true, paramLabel = "DIR", description = "Index folder.")
  private Path folder;

  @Mixin private NamedModel model;

  @Option(names = "--json", description = "Print the outcome as one JSON object.")
  private boolean json;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  Tune() {}

  @Override
  public Integer call() throws IOException, CommandFailure {
    IndexManifest manifest = IndexManifest.read(folder);
    Optional<Tuning> tuning;
    ForeignCosine foreign;
    try (TextEmbedder embedder =
        IndexedModel.load(folder, manifest, Set.of(SearchMode.HYBRID), model)) {
      if (embedder == null) {
        throw new IllegalStateException("hybrid search needs a model");
      }
      tuning = WeightTuner.tune(folder, embedder);
      foreign = ForeignCosine.of(folder, embedder);
    }
    String few =
        "the index at "
            + folder
            + " has fewer than "
            + WeightTuner.LEAST_QUESTIONS
            + " documents with a title of three words or more and a text, so that its weight stays;"
            + " evaluate --save measures it by judged queries";
    if (foreign != null) {
      TuningStore.saveForeignCosine(folder, foreign.median());
    } else if (tuning.isEmpty()) {
      throw new CommandFailure(few);
    }
    if (tuning.isPresent()) {
      TuningStore.save(folder, tuning.get());
    } else {
      semblance.streams().err().println(Printable.line(few));
    }
    print(tuning.orElse(null), foreign);
    return 0;
  }

  private void print(@Nullable Tuning tuning, @Nullable ForeignCosine foreign) {
    PrintWriter out = semblance.streams().out();
    if (json) {
      ObjectNode outcome =
          tuning == null ? JsonMapper.shared().createObjectNode() : TuningText.json(tuning);
      outcome.put("foreign_cosine", foreign == null ? null : Float.valueOf(foreign.median()));
      out.println(Printable.json(outcome));
      return;
    }
    if (tuning != null) {
      out.println(TuningText.line(tuning));
    }
    if (foreign != null) {
      out.println(foreign.line());
    }
  }
}
