package io.github.semblance.cli;

import io.github.semblance.analysis.NamedAnalyzer;
import io.github.semblance.corpus.CorpusException;
import io.github.semblance.corpus.CorpusReader;
import io.github.semblance.corpus.CorpusRecord;
import io.github.semblance.corpus.FieldMapping;
import io.github.semblance.embed.TextEmbedder;
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
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code index}: documents in, a Lucene index on disk out. */
@Command(
    name = "index",
    description = {
      "Embeds documents and writes them to a Lucene index.",
      "Inputs: JSON arrays, JSON Lines, CSV or TSV with a header, BEIR folders, folders of .txt and"
          + " .md files; - reads JSON from standard input.",
      "A record that can't be used is reported and left out. Until everything is written, an index"
          + " that was there stays as it was."
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
      description = "How texts become terms (${DEFAULT-VALUE}).")
  private String analyzer;

  @Option(
      names = "--quantize",
      defaultValue = "none",
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
  public Integer call() throws IOException {
    Outcome outcome =
        build(
            semblance.streams(),
            model,
            inputs,
            mapping(),
            settings(),
            folder,
            existing != null && existing.update ? OpenMode.CREATE_OR_APPEND : OpenMode.CREATE);
    if (json) {
      semblance.streams().out().println(outcome.toJson());
    } else {
      semblance.streams().out().println(outcome.toText(folder));
    }
    return outcome.skipped() > 0 && !skipBad ? 1 : 0;
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
                  "Indexed %,d documents (%,d passages, %,d word pieces) in %.1f s, %,.0f word"
                      + " pieces/s; %s holds %.1f MB.",
                  statistics.documents(),
                  statistics.passages(),
                  statistics.tokens(),
                  seconds,
                  tokensPerSecond(),
                  folder,
                  bytes / 1e6));
      if (statistics.duplicates() > 0) {
        text.append(
            String.format(
                Locale.ROOT,
                "%n%,d documents had the id of an earlier one and replaced it.",
                statistics.duplicates()));
      }
      if (skipped > 0) {
        text.append(String.format(Locale.ROOT, "%n%,d records were left out, see above.", skipped));
      }
      return text.toString();
    }
  }

  /** Indexes inputs; also what {@code demo} does. */
  static Outcome build(
      Streams streams,
      ModelOptions model,
      List<String> inputs,
      FieldMapping mapping,
      IndexSettings settings,
      Path folder,
      OpenMode mode)
      throws IOException {
    Skipped skipped = new Skipped(streams);
    try (CorpusReader corpus = CorpusReader.open(inputs, mapping);
        TextEmbedder embedder = model.load();
        SemanticIndexWriter writer =
            SemanticIndexWriter.open(
                folder,
                embedder,
                settings,
                mode,
                (document, cause) ->
                    skipped.add("document \"" + document.id() + "\": " + cause.getMessage()))) {
      long start = System.nanoTime();
      boolean idsDerived = false;
      long added = 0;
      try (Progress progress =
          new Progress(streams, "Indexing", " KB", 1000, corpus.totalBytes())) {
        while (corpus.hasNext()) {
          switch (corpus.next()) {
            case CorpusRecord.Document document -> {
              writer.add(document.document());
              added++;
              idsDerived |= document.derivedId();
            }
            case CorpusRecord.Rejected bad -> skipped.add(bad.location() + ": " + bad.reason());
          }
          // Reading runs ahead of embedding: count of what is read the share that is written.
          long documents = writer.statistics().documents();
          progress.advance(
              corpus.bytesRead() * documents / Math.max(added, 1), documents + " documents");
        }
        writer.commit();
      } catch (CorpusException e) {
        // What was read before the fault is good.
        writer.commit();
        throw new CorpusException(
            e.getMessage()
                + " ("
                + writer.statistics().documents()
                + " documents before that are in the index)",
            e);
      }
      if (idsDerived) {
        streams
            .err()
            .println("semblance: no record has an id; ids were made from the content of each");
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      return new Outcome(writer.statistics(), skipped.count, seconds, sizeOf(folder));
    }
  }

  private FieldMapping mapping() {
    FieldMapping mapping = FieldMapping.DEFAULT.withKeywordFields(keywordFields);
    mapping = idField == null ? mapping : mapping.withIdField(idField);
    mapping = titleField == null ? mapping : mapping.withTitleField(titleField);
    return textField == null ? mapping : mapping.withTextField(textField);
  }

  private IndexSettings settings() {
    NamedAnalyzer named =
        NamedAnalyzer.find(analyzer)
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(), "no analyzer is called \"" + analyzer + "\""));
    return IndexSettings.DEFAULT.withAnalyzer(named).withQuantization(quantization);
  }

  private static long sizeOf(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }

  /** Reports and counts the records that are left out: the first ones, then only their number. */
  private static final class Skipped {
    private static final int REPORTED = 20;

    private final Streams streams;
    private long count;

    private Skipped(Streams streams) {
      this.streams = streams;
    }

    private void add(String what) {
      count++;
      if (count <= REPORTED) {
        streams.err().println("semblance: left out " + what);
      } else if (count == REPORTED + 1) {
        streams.err().println("semblance: more records are left out; their number follows");
      }
    }
  }
}
