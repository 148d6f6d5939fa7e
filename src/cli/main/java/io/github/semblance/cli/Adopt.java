package io.github.semblance.cli;

import io.github.semblance.analysis.NamedAnalyzer;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.Adoption;
import io.github.semblance.index.AdoptionSummary;
import io.github.semblance.index.DocumentFields;
import io.github.semblance.index.Quantization;
import io.github.semblance.index.SemanticIndexWriter;
import io.github.semblance.index.SemanticIndexWriterConfig;
import io.github.semblance.search.ForeignQuestions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FieldInfos;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code adopt}: gives a Lucene index that another program has written its vectors. */
@Command(
    name = "adopt",
    description = {
      "Embeds the documents of a Lucene index that another program has written, and puts their"
          + " vectors beside them. Every field stays as it is.",
      "Each document is made again from what the index holds of it. If a field of one cannot be, the"
          + " field is named and nothing is written: --dry-run finds out without embedding.",
      "Commits now and then: the same command goes on where an interrupted one was."
    })
final class Adopt implements Callable<Integer> {
  /** Documents that are reported one by one. */
  private static final int REPORTED = 20;

  @ParentCommand private Semblance semblance;
  @Spec private CommandSpec spec;
  @Mixin private ModelOptions model;

  @Option(names = "--index", required = true, paramLabel = "DIR", description = "Index folder.")
  private Path folder;

  @Option(
      names = "--id-field",
      required = true,
      paramLabel = "FIELD",
      description = "Identifies a document: stored, and indexed as one term.")
  private String idField;

  @Option(
      names = "--text-field",
      required = true,
      paramLabel = "FIELD",
      description = "Is embedded in passages; repeatable.")
  private List<String> textFields;

  @Option(
      names = "--title-field",
      paramLabel = "FIELD",
      description = "Every passage is embedded with it, as with a heading.")
  private @Nullable String titleField;

  @Option(
      names = "--analyzer",
      defaultValue = "standard",
      paramLabel = "NAME",
      description = "What the program made terms with; as in 'index' (${DEFAULT-VALUE}).")
  private String analyzer;

  @Option(
      names = "--quantize",
      defaultValue = "none",
      paramLabel = "KIND",
      description =
          "How vectors are kept for search: none, int8, int4 or binary (${DEFAULT-VALUE}).")
  private Quantization quantization;

  @Option(names = "--dry-run", description = "Check every document; embed and write nothing.")
  private boolean dryRun;

  @Option(names = "--json", description = "Print the outcome as one JSON object.")
  private boolean json;

  /** Lower for tests only. */
  @Option(names = "--commit-documents", defaultValue = "1000", hidden = true)
  private int commitDocuments;

  private long failed;
  private volatile long done;
  private volatile long documents;

  @SuppressWarnings("NullAway.Init") // picocli sets the other fields
  Adopt() {}

  @Override
  public Integer call() throws IOException, CommandFailure {
    Streams streams = semblance.streams();
    long start = System.nanoTime();
    SemanticIndexWriterConfig settings = settings();
    requireFields();
    AdoptionSummary summary;
    try (TextEmbedder embedder = model.load();
        Progress progress = new Progress(streams, dryRun ? "Checking" : "Adopting", this::state);
        CommitGuard guard =
            new CommitGuard(
                () ->
                    progress.abandon(
                        "interrupted; what was adopted until the last commit stays so, and the same"
                            + " command goes on from there"));
        SemanticIndexWriter writer =
            SemanticIndexWriter.open(
                folder,
                embedder,
                settings.setFailureHandler(
                    (id, cause) -> {
                      guard.stayIfEnding(); // what fails then is no fault of the document
                      leaveOut(progress, id, cause);
                    }))) {
      summary = writer.adopt(adoption());
      if (!dryRun) {
        writer.commit();
        ForeignQuestions.cosine(folder, embedder).ifPresent(writer::setForeignCosine);
      }
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          "the index at "
              + folder
              + " cannot be adopted as it is: "
              + Failures.text(e)
              + (Failures.text(e).contains("other terms")
                  ? ", or name the analyzer that has written the index with --analyzer, got: "
                      + analyzer
                  : ""),
          e);
    }
    AdoptOutcome outcome = new AdoptOutcome(summary, dryRun, (System.nanoTime() - start) / 1e9);
    streams.out().println(json ? Printable.json(outcome.toJson()) : outcome.toText(folder));
    return summary.failed() == 0 ? 0 : 1;
  }

  /** A text field that is mistyped would be taken for one that is empty everywhere. */
  private void requireFields() {
    Set<String> known = new TreeSet<>();
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Directory directory = FSDirectory.open(folder);
        DirectoryReader reader = DirectoryReader.open(directory)) {
      FieldInfos.getMergedFieldInfos(reader).forEach(field -> known.add(field.name));
    } catch (IOException e) {
      return; // whoever opens it for writing says what to do
    }
    List<String> named = new ArrayList<>(textFields);
    named.add(idField);
    if (titleField != null) {
      named.add(titleField);
    }
    for (String field : named) {
      if (!known.isEmpty() && !known.contains(field)) {
        throw new ParameterException(
            spec.commandLine(),
            "no field \""
                + field
                + "\" is in the index at "
                + folder
                + "; it has: "
                + String.join(", ", known));
      }
    }
  }

  private Adoption adoption() {
    Adoption adoption =
        Adoption.fromStoredFields()
            .committingEvery(commitDocuments)
            .withProgress(
                (soFar, of) -> {
                  documents = of;
                  done = soFar;
                });
    return dryRun ? adoption.dryRun() : adoption;
  }

  private Progress.State state() {
    long all = documents;
    return new Progress.State(all == 0 ? 0 : done / (double) all, done, "documents");
  }

  private void leaveOut(Progress progress, String id, RuntimeException cause) {
    failed++;
    if (failed <= REPORTED) {
      progress.say("left as it is: document \"" + id + "\": " + Failures.text(cause));
    } else if (failed == REPORTED + 1) {
      progress.say("more documents are left as they are; their number follows");
    }
  }

  private SemanticIndexWriterConfig settings() {
    try {
      return new SemanticIndexWriterConfig()
          .setOpenMode(OpenMode.APPEND)
          .setAnalyzer(NamedAnalyzer.named(analyzer))
          .setQuantization(quantization)
          .setFields(new DocumentFields(idField, titleField, textFields));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), Failures.text(e), e);
    }
  }
}
