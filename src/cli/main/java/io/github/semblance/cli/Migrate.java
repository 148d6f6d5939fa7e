package io.github.semblance.cli;

import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.IndexManifest;
import io.github.semblance.index.MigrationSummary;
import io.github.semblance.index.ModelMigration;
import io.github.semblance.index.Tuning;
import io.github.semblance.index.TuningStore;
import io.github.semblance.search.ForeignQuestions;
import io.github.semblance.search.WeightTuner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code migrate}: gives an index that is in use the vectors of another model. */
@Command(
    name = "migrate",
    description = {
      "Changes the model of an index. Vectors of the new model are computed beside the index, which"
          + " is searched and written to meanwhile; then one commit switches.",
      "An interrupted change goes on where it was when the same command runs again; deleting the"
          + " folder migration-* inside the index gives it up. Until the switch the new vectors take"
          + " their space twice, beside the old ones."
    })
final class Migrate implements Callable<Integer> {
  @ParentCommand private Semblance semblance;
  @Mixin private ModelOptions model;

  @Option(names = "--index", required = true, paramLabel = "DIR", description = "Index folder.")
  private Path folder;

  @Option(
      names = "--fill-only",
      description =
          "Compute what is missing and do not switch: for an index whose writer stays open. The"
              + " same command without this switches, once the writer is closed.")
  private boolean fillOnly;

  @Option(
      names = "--dry-run",
      description = "Check that every document can be embedded again; embed and write nothing.")
  private boolean dryRun;

  @Option(
      names = "--truncate",
      description = "As in 'index': embed the beginning of long texts only.")
  private boolean truncate;

  @Option(
      names = "--no-tune",
      description = "Leave the weight of meaning at its default; it is measured anew otherwise.")
  private boolean noTune;

  @Option(names = "--json", description = "Print the outcome as one JSON object.")
  private boolean json;

  /** Lower for tests only. */
  @Option(names = "--commit-documents", defaultValue = "1000", hidden = true)
  private int commitDocuments;

  private volatile long done;
  private volatile long documents;

  @SuppressWarnings("NullAway.Init") // picocli sets the other fields
  Migrate() {}

  @Override
  public Integer call() throws IOException, CommandFailure {
    IndexManifest before = IndexManifest.read(folder);
    long start = System.nanoTime();
    try (TextEmbedder embedder = model.load();
        ModelMigration migration = ModelMigration.open(folder, embedder)) {
      if (dryRun) {
        print(new MigrationSummary(migration.check(), 0, 0, false), null, start);
        return 0;
      }
      migration
          .setTruncate(truncate)
          .setCommitEvery(commitDocuments)
          .setProgress(
              (soFar, of) -> {
                documents = of;
                done = soFar;
              });
      MigrationSummary summary;
      try (Progress progress = new Progress(semblance.streams(), "Migrating", this::state);
          CommitGuard guard =
              new CommitGuard(
                  () ->
                      progress.abandon(
                          "interrupted; the index is as it was or switched as a whole, and the same"
                              + " command goes on from there"))) {
        summary = migrate(migration, embedder, before);
        guard.stayIfEnding();
      }
      print(summary, IndexManifest.read(folder).tuning(), start);
      return 0;
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          "the model of the index at " + folder + " cannot be changed: " + Failures.text(e), e);
    }
  }

  /** Fills, measures the new vectors where the old ones were, and switches. */
  private MigrationSummary migrate(
      ModelMigration migration, TextEmbedder embedder, IndexManifest before) throws IOException {
    MigrationSummary filled = migration.fill();
    if (fillOnly || filled.switched()) {
      return filled;
    }
    measure(ModelMigration.sideOf(folder, embedder.model()), embedder, before);
    MigrationSummary finished = migration.finish();
    return new MigrationSummary(
        finished.documents(),
        finished.passages(),
        filled.embedded() + finished.embedded(),
        finished.switched());
  }

  private void measure(Path side, TextEmbedder embedder, IndexManifest before) throws IOException {
    Optional<Tuning> tuning =
        noTune || before.tuning() == null ? Optional.empty() : WeightTuner.tune(side, embedder);
    if (tuning.isPresent()) {
      TuningStore.save(side, tuning.get());
    }
    Optional<Float> foreign = ForeignQuestions.cosine(side, embedder);
    if (foreign.isPresent()) {
      TuningStore.saveForeignCosine(side, foreign.get());
    }
  }

  private Progress.State state() {
    long all = documents;
    return new Progress.State(all == 0 ? 0 : done / (double) all, done, "documents");
  }

  private void print(MigrationSummary summary, @Nullable Tuning tuning, long start) {
    double seconds = (System.nanoTime() - start) / 1e9;
    semblance
        .streams()
        .out()
        .println(
            json ? Printable.json(json(summary, tuning, seconds)) : text(summary, tuning, seconds));
  }

  private ObjectNode json(MigrationSummary summary, @Nullable Tuning tuning, double seconds) {
    ObjectNode node =
        JsonMapper.shared()
            .createObjectNode()
            .put("dry_run", dryRun)
            .put("switched", summary.switched())
            .put("documents", summary.documents())
            .put("passages", summary.passages())
            .put("embedded", summary.embedded())
            .put("seconds", Math.round(seconds * 1000) / 1000.0);
    if (summary.switched() && tuning != null) {
      node.set("tuning", TuningText.json(tuning));
    } else {
      node.putNull("tuning");
    }
    return node;
  }

  private String text(MigrationSummary summary, @Nullable Tuning tuning, double seconds) {
    String place = Printable.line(folder.toString());
    String count = Amount.of(summary.documents(), "document");
    if (dryRun) {
      return count
          + " of "
          + place
          + " can be embedded by "
          + model.name()
          + "; nothing was written.";
    }
    String work =
        String.format(
            Locale.ROOT,
            "%s, %s, of which %,d embedded in %.1f s.",
            count,
            Amount.of(summary.passages(), "passage"),
            summary.embedded(),
            seconds);
    if (!summary.switched()) {
      return work
          + System.lineSeparator()
          + place
          + " still answers with its old model; run again without --fill-only to switch.";
    }
    return work
        + System.lineSeparator()
        + place
        + " answers with "
        + model.name()
        + "."
        + (tuning == null ? "" : System.lineSeparator() + TuningText.line(tuning));
  }
}
