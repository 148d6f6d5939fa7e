package io.github.semblance.cli;

import io.github.semblance.analysis.NamedAnalyzer;
import io.github.semblance.corpus.CorpusException;
import io.github.semblance.corpus.CorpusReader;
import io.github.semblance.corpus.CorpusRecord;
import io.github.semblance.corpus.FieldMapping;
import io.github.semblance.corpus.SourceDocument;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.IndexOpenException;
import io.github.semblance.index.IndexSettings;
import io.github.semblance.index.IndexStatistics;
import io.github.semblance.index.Quantization;
import io.github.semblance.index.SemanticIndexWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
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
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code index}: documents in, a Lucene index on disk out. */
@Command(
    name = "index",
    description = {
      "Embeds documents and writes them to a Lucene index.",
      "Inputs: JSON arrays, JSON Lines, CSV or TSV with a header, BEIR folders, folders of .txt and"
          + " .md files; - reads JSON from standard input.",
      "A record that can't be used is reported and left out. An index that is there is replaced as"
          + " a whole or not at all."
    })
final class IndexBuilder implements Callable<Integer> {
  @ParentCommand private Semblance semblance;
  @Spec private CommandSpec spec;
  @Mixin private ModelOptions model;

  @Parameters(arity = "1..*", paramLabel = "INPUT", description = "Files or folders.")
  private List<String> inputs;

  @Option(names = "--index", required = true, paramLabel = "DIR", description = "Index folder.")
  private Path folder;

  @ArgGroup private @Nullable Existing existing;

  /** What becomes of an index that is there already. */
  static final class Existing {
    @Option(names = "--create", description = "Replace an index that is there (the default).")
    boolean create;

    @Option(
        names = "--update",
        description = "Add to an index that is there; documents with a known id are replaced.")
    boolean update;
  }

  @Option(names = "--id-field", paramLabel = "FIELD", description = "Default: id, _id or doc_id.")
  private @Nullable String idField;

  @Option(
      names = "--title-field",
      paramLabel = "FIELD",
      description = "Default: title or question.")
  private @Nullable String titleField;

  @Option(
      names = "--text-field",
      paramLabel = "FIELD",
      description = "Default: text, body, content or answer.")
  private @Nullable String textField;

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

  @Option(names = "--skip-bad", description = "Exit with 0 even if records had to be left out.")
  private boolean skipBad;

  @Option(names = "--json", description = "Print the outcome as one JSON object.")
  private boolean json;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  IndexBuilder() {}

  @Override
  public Integer call() throws IOException, CommandFailure {
    Streams streams = semblance.streams();
    IndexSettings settings = settings();
    OpenMode mode =
        existing != null && existing.update ? OpenMode.CREATE_OR_APPEND : OpenMode.CREATE;
    Outcome outcome;
    try (CorpusReader corpus = CorpusReader.open(inputs, mapping());
        TextEmbedder embedder = model.load()) {
      outcome = build(streams, corpus, embedder, settings, folder, mode);
    }
    streams.out().println(json ? outcome.toJson() : outcome.toText(folder));
    if (outcome.skipped() == 0) {
      return 0;
    }
    streams
        .err()
        .printf(
            Locale.ROOT,
            "semblance: %,d records were left out%s%n",
            outcome.skipped(),
            skipBad ? "" : "; with --skip-bad that is no failure");
    return skipBad ? 0 : 1;
  }

  /** What was indexed and what it took. */
  record Outcome(IndexStatistics statistics, long skipped, double seconds, long bytes) {
    private double tokensPerSecond() {
      return statistics.tokens() / Math.max(seconds, 1e-9);
    }

    ObjectNode toJson() {
      return JsonMapper.shared()
          .createObjectNode()
          .put("documents", statistics.documents())
          .put("passages", statistics.passages())
          .put("tokens", statistics.tokens())
          .put("embedded", statistics.passages())
          .put("reused", 0)
          .put("duplicates", statistics.duplicates())
          .put("shortened_titles", statistics.shortenedTitles())
          .put("dropped_tokens", statistics.droppedTokens())
          .put("skipped", skipped)
          .put("seconds", Math.round(seconds * 1000) / 1000.0)
          .put("tokens_per_second", Math.round(tokensPerSecond()))
          .put("bytes", bytes);
    }

    String toText(Path folder) {
      StringBuilder text =
          new StringBuilder(
              String.format(
                  Locale.ROOT,
                  "Indexed %,d documents in %.1f s; %s holds %.1f MB.%n"
                      + "%,d passages, %,d word pieces, %,.0f word pieces/s.",
                  statistics.documents(),
                  seconds,
                  folder,
                  bytes / 1e6,
                  statistics.passages(),
                  statistics.tokens(),
                  tokensPerSecond()));
      append(
          text, "Duplicate ids: %,d; the last document of an id is kept.", statistics.duplicates());
      append(
          text,
          "Long titles: %,d; embedding reads the first half window of each, keyword search all.",
          statistics.shortenedTitles());
      append(
          text,
          "Word pieces that no passage could hold: %,d; keyword search finds them.",
          statistics.droppedTokens());
      return text.toString();
    }

    private static void append(StringBuilder text, String format, long count) {
      if (count > 0) {
        text.append(System.lineSeparator()).append(String.format(Locale.ROOT, format, count));
      }
    }
  }

  /**
   * Indexes a corpus; also what {@code demo} does. An index that is there is replaced as a whole or
   * not at all.
   */
  static Outcome build(
      Streams streams,
      CorpusReader corpus,
      TextEmbedder embedder,
      IndexSettings settings,
      Path folder,
      OpenMode mode)
      throws IOException, CommandFailure {
    long start = System.nanoTime();
    boolean replaces = mode == OpenMode.CREATE && isIndex(folder);
    String untouched = isIndex(folder) ? folder + " is as it was" : "there is no index yet";
    boolean idsDerived = false;
    Reading reading = new Reading(corpus.totalBytes());
    try (Progress progress = new Progress(streams, "Indexing", reading::state);
        CommitGuard guard = new CommitGuard(() -> progress.abandon("interrupted; " + untouched))) {
      Skipped skipped = new Skipped(progress);
      try (SemanticIndexWriter writer =
          SemanticIndexWriter.open(folder, embedder, settings, mode, skipped::add)) {
        reading.writer = writer;
        try {
          long added = 0;
          while (corpus.hasNext()) {
            switch (corpus.next()) {
              case CorpusRecord.Document document -> {
                writer.add(document.document());
                reading.added = ++added;
                idsDerived |= document.derivedId();
              }
              case CorpusRecord.Rejected bad -> skipped.add(bad.location() + ": " + bad.reason());
            }
            reading.bytes = corpus.bytesRead();
          }
          writer.flush();
        } catch (CorpusException e) {
          writer.flush();
          long before = writer.statistics().documents();
          if (replaces || before == 0) {
            throw new CorpusException(e.getMessage() + "; " + untouched, e);
          }
          guard.commit(writer);
          throw new CorpusException(
              e.getMessage() + "; the " + before + " documents before that are in " + folder, e);
        }
        if (writer.statistics().documents() == 0 && mode == OpenMode.CREATE) {
          throw new CommandFailure("no document to index was found; " + untouched);
        }
        guard.commit(writer);
        if (idsDerived) {
          progress.say("no record has an id; ids were made from the content of each");
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Outcome(writer.statistics(), skipped.count, seconds, sizeOf(folder));
      }
    } catch (IndexOpenException e) {
      throw e;
    } catch (IOException | AlreadyClosedException e) {
      throw new CommandFailure(
          "writing to " + folder + " failed: " + Failures.message(e) + "; " + untouched, e);
    }
  }

  private static boolean isIndex(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Directory directory = FSDirectory.open(folder)) {
      return DirectoryReader.indexExists(directory);
    }
  }

  private FieldMapping mapping() {
    FieldMapping mapping = FieldMapping.DEFAULT.withKeywordFields(keywordFields);
    mapping = idField == null ? mapping : mapping.withIdField(idField);
    mapping = titleField == null ? mapping : mapping.withTitleField(titleField);
    return textField == null ? mapping : mapping.withTextField(textField);
  }

  private IndexSettings settings() {
    try {
      return IndexSettings.DEFAULT
          .withAnalyzer(NamedAnalyzer.named(analyzer))
          .withQuantization(quantization);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), Failures.text(e), e);
    }
  }

  private static long sizeOf(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }

  /** How far indexing is: reading runs ahead of it, so what is read counts by what is written. */
  private static final class Reading {
    private final long totalBytes;
    private volatile long bytes;
    private volatile long added;
    private volatile @Nullable SemanticIndexWriter writer;

    private Reading(long totalBytes) {
      this.totalBytes = totalBytes;
    }

    private Progress.State state() {
      SemanticIndexWriter open = writer;
      long read = bytes;
      long documents = added;
      IndexStatistics written = open == null ? null : open.statistics();
      if (written == null || documents == 0 || totalBytes == 0) {
        return new Progress.State(0, 0, "documents");
      }
      double share = Math.min(1, (written.documents() + written.failed()) / (double) documents);
      return new Progress.State(
          share * Math.min(1, read / (double) totalBytes), written.documents(), "documents");
    }
  }

  /** Reports and counts the records that are left out: the first ones, then only their number. */
  private static final class Skipped {
    private static final int REPORTED = 20;

    private final Progress progress;
    private long count;

    private Skipped(Progress progress) {
      this.progress = progress;
    }

    private void add(SourceDocument document, RuntimeException cause) {
      add("document \"" + document.id() + "\": " + cause.getMessage());
    }

    private void add(String what) {
      count++;
      if (count <= REPORTED) {
        progress.say("left out " + what);
      } else if (count == REPORTED + 1) {
        progress.say("more records are left out; their number follows");
      }
    }
  }
}
