package io.github.semblance.cli;

import io.github.semblance.analysis.NamedAnalyzer;
import io.github.semblance.corpus.CorpusReader;
import io.github.semblance.corpus.CorpusSnapshot;
import io.github.semblance.corpus.FieldMapping;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.IndexFolder;
import io.github.semblance.index.IndexOpenException;
import io.github.semblance.index.Quantization;
import io.github.semblance.index.SemanticIndexWriterConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * Builds an index from files: the command {@code index}, and a program of its own with the same
 * arguments.
 *
 * <p>An object is used by one thread, once; programs call {@link #main}.
 */
@Command(
    name = "index",
    description = {
      "Embeds documents and writes them to a Lucene index.",
      "Inputs: JSON arrays, JSON Lines, CSV or TSV with a header, BEIR folders; Markdown, HTML, PDF"
          + " and text files, and folders of these; - reads JSON from standard input.",
      "A record that can't be used is reported and left out. An index that is there is replaced as"
          + " a whole or not at all."
    })
public final class IndexBuilder implements Callable<Integer> {
  @ParentCommand private Semblance semblance;
  @Spec private CommandSpec spec;
  @Mixin private ModelOptions model;

  @Parameters(arity = "1..*", paramLabel = "INPUT", description = "Files or folders.")
  private List<String> inputs;

  @Option(
      names = "--index",
      required = true,
      paramLabel = "DIR",
      description = "Index folder: new, empty or with an index in it.")
  private Path folder;

  @ArgGroup private @Nullable Existing existing;

  /** What becomes of an index that is there already. */
  static final class Existing {
    @Option(names = "--create", description = "Replace an index that is there (the default).")
    boolean create;

    @Option(
        names = "--update",
        description = {
          "Add to an index that is there; documents with a known id are replaced, and only what has"
              + " changed of them is embedded.",
          "Commits every minute: the same command goes on where an interrupted one was."
        })
    boolean update;
  }

  @Option(
      names = "--prune",
      description = {
        "With --update: delete documents that the inputs no longer have.",
        "Deletes nothing if a record was left out, for that may be one of them."
      })
  private boolean prune;

  @Option(
      names = "--watch",
      description = {
        "Go on after that: index what changes and delete what goes, until Ctrl-C. Stands for"
            + " --update --prune.",
        "Files and folders are looked at every second. A broken file is reported, and its document"
            + " stays as it was."
      })
  private boolean watch;

  @Option(
      names = "--no-tune",
      description = {
        "Leave the weight of meaning in a new index at its default. Otherwise it is measured, at no"
            + " more than a tenth of the work or some seconds: up to 400 titles are asked of their"
            + " texts, which are embedded once more without them."
      })
  private boolean noTune;

  /** Shorter for tests only: a commit waits for all that is being embedded. */
  @Option(names = "--commit-seconds", defaultValue = "60", hidden = true)
  private int commitSeconds;

  @Option(
      names = "--base",
      paramLabel = "DIR",
      description =
          "The id of a file that is a document is its path below this folder. Default: the deepest"
              + " folder that has all inputs in it.")
  private @Nullable Path base;

  @Option(names = "--id-field", paramLabel = "FIELD", description = "Default: id, _id or doc_id.")
  private @Nullable String idField;

  @Option(
      names = "--title-field",
      paramLabel = "FIELD",
      description = "Default: title, question, name, headline or subject.")
  private @Nullable String titleField;

  @Option(
      names = "--text-field",
      paramLabel = "FIELD",
      description = {
        "Repeatable: the texts of several fields are joined.",
        "Default: the first of text, body, content, answer, description, abstract and summary."
      })
  private List<String> textFields = List.of();

  @Option(
      names = "--keyword-field",
      paramLabel = "FIELD",
      description = "A field to filter by; repeatable. Default: every other short field.")
  private List<String> keywordFields = List.of();

  @Option(
      names = "--analyzer",
      defaultValue = "english",
      paramLabel = "NAME",
      description =
          "How texts become terms: standard, simple, whitespace, keyword, cjk, wordpiece or a"
              + " language, as in french (${DEFAULT-VALUE}).")
  private String analyzer;

  @Option(
      names = "--quantize",
      defaultValue = "none",
      paramLabel = "KIND",
      description =
          "How vectors are kept for search: none, int8, int4 or binary (${DEFAULT-VALUE}).")
  private Quantization quantization;

  @Option(
      names = "--truncate",
      description =
          "Embed the beginning of long texts only: one passage for each document. Default: as many"
              + " passages as it takes.")
  private boolean truncate;

  @Option(names = "--skip-bad", description = "Exit with 0 even if records had to be left out.")
  private boolean skipBad;

  @Option(names = "--json", description = "Print the outcome as one JSON object.")
  private boolean json;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  IndexBuilder() {}

  /** Builds an index and exits: 0 done, 1 failed, 2 wrong usage. */
  public static void main(String[] args) {
    Semblance.main(Stream.concat(Stream.of("index"), Stream.of(args)).toArray(String[]::new));
  }

  @Override
  public Integer call() throws IOException, CommandFailure {
    Streams streams = semblance.streams();
    boolean update = existing != null && existing.update;
    if (watch && existing != null && existing.create) {
      throw new ParameterException(spec.commandLine(), "--watch goes with --update, not --create");
    }
    update |= watch;
    if (prune && !update) {
      throw new ParameterException(spec.commandLine(), "--prune goes with --update only");
    }
    SemanticIndexWriterConfig settings = settings();
    requireFolder();
    IndexRun.Plan plan =
        new IndexRun.Plan(
            folder,
            settings,
            update ? OpenMode.CREATE_OR_APPEND : OpenMode.CREATE,
            prune || watch,
            Duration.ofSeconds(commitSeconds),
            !noTune,
            /* foreign= */ true,
            List.of());
    LanguageNotice.of(NamedAnalyzer.named(analyzer), model.name())
        .ifPresent(notice -> streams.err().println("semblance: " + notice));
    CorpusSnapshot snapshot = watch ? CorpusSnapshot.of(inputs, base) : null;
    IndexOutcome outcome;
    try (CorpusReader corpus = CorpusReader.open(inputs, mapping(), base);
        TextEmbedder embedder = model.load()) {
      outcome = IndexRun.of(plan, streams, corpus, embedder);
      print(outcome);
      if (snapshot != null) {
        streams.err().println("semblance: watching for changes; Ctrl-C ends it");
        new IndexWatch(
                plan, streams, inputs, mapping(), base, embedder, snapshot, Duration.ofSeconds(1))
            .run(this::print);
      }
    }
    if (outcome.skipped() == 0) {
      return 0;
    }
    streams
        .err()
        .println(
            "semblance: "
                + Amount.of(outcome.skipped(), "record")
                + (outcome.skipped() == 1 ? " was" : " were")
                + " left out"
                + (skipBad ? "" : "; with --skip-bad that is no failure"));
    return skipBad ? 0 : 1;
  }

  /** A folder for something else is told before a model is loaded. */
  private void requireFolder() throws IOException {
    try {
      IndexFolder.requireOurs(folder);
    } catch (IndexOpenException e) {
      throw new ParameterException(spec.commandLine(), Failures.text(e), e);
    }
  }

  private void print(IndexOutcome outcome) {
    Streams streams = semblance.streams();
    streams.out().println(json ? Printable.json(outcome.toJson()) : outcome.toText(folder));
    streams.out().flush();
  }

  private FieldMapping mapping() {
    FieldMapping mapping = FieldMapping.DEFAULT.withKeywordFields(keywordFields);
    mapping = idField == null ? mapping : mapping.withIdField(idField);
    mapping = titleField == null ? mapping : mapping.withTitleField(titleField);
    return textFields.isEmpty() ? mapping : mapping.withTextFields(textFields);
  }

  private SemanticIndexWriterConfig settings() {
    try {
      return new SemanticIndexWriterConfig()
          .setAnalyzer(NamedAnalyzer.named(analyzer))
          .setQuantization(quantization)
          .setTruncate(truncate);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), Failures.text(e), e);
    }
  }
}
