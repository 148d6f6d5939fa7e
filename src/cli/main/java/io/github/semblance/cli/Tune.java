package io.github.semblance.cli;

import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.IndexManifest;
import io.github.semblance.index.Tuning;
import io.github.semblance.index.TuningStore;
import io.github.semblance.search.SearchMode;
import io.github.semblance.search.WeightTuner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tune}: how much should meaning weigh in an index? */
@Command(
    name = "tune",
    description = {
      "Measures how much meaning should weigh in the answers of an index, and writes that to it, as"
          + " index does by itself.",
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
    try (TextEmbedder embedder =
        IndexedModel.load(folder, manifest, Set.of(SearchMode.HYBRID), model)) {
      if (embedder == null) {
        throw new IllegalStateException("hybrid search needs a model");
      }
      tuning = WeightTuner.tune(folder, embedder);
    }
    if (tuning.isEmpty()) {
      throw new CommandFailure(
          "the index at "
              + folder
              + " has fewer than "
              + WeightTuner.LEAST_QUESTIONS
              + " documents with a title of three words or more and a text, so that nothing can be"
              + " measured; its weight stays. evaluate --save measures by judged queries");
    }
    TuningStore.save(folder, tuning.get());
    semblance
        .streams()
        .out()
        .println(
            json ? Printable.json(TuningText.json(tuning.get())) : TuningText.line(tuning.get()));
    return 0;
  }
}
