package io.github.semblance.cli;

import io.github.semblance.evaluate.Judgements;
import io.github.semblance.evaluate.Phrasing;
import io.github.semblance.evaluate.TestCollection;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say what is asked, and which answers are right. */
final class JudgedQueries {
  private static final int RARE_WORDS = 300;

  /** Any seed would do; a fixed one asks for the same words again. */
  private static final long SEED = 42;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--queries",
      paramLabel = "FILE",
      description = "BEIR's queries.jsonl, TREC topics, or with --relevant-field CSV, TSV or JSON.")
  private @Nullable Path queries;

  @Option(
      names = "--qrels",
      paramLabel = "FILE",
      description = "Judgements, in BEIR's three columns or TREC's four.")
  private @Nullable Path qrels;

  @Option(
      names = "--query-field",
      defaultValue = "question",
      paramLabel = "FIELD",
      description = "With --relevant-field: the field that holds the query (${DEFAULT-VALUE}).")
  private String queryField;

  @Option(
      names = "--relevant-field",
      paramLabel = "FIELD",
      description = "The field of the queries that holds the id of the document that answers.")
  private @Nullable String relevantField;

  @Option(
      names = "--filter-field",
      paramLabel = "FIELD",
      description =
          "With --relevant-field: search only documents that share this field's value; repeatable.")
  private List<String> filterFields = List.of();

  @Option(
      names = "--rare-words",
      paramLabel = "INPUT",
      description =
          "In place of --queries: ask for "
              + RARE_WORDS
              + " words, each from a random document of what was indexed and in at most three of"
              + " it; right is that document; repeatable.")
  private List<String> rareWords = List.of();

  @Option(
      names = "--in-sentences",
      arity = "0..1",
      defaultValue = "ALONE",
      fallbackValue = "SENTENCE",
      paramLabel = "sentence|long",
      description = "With --rare-words: ask within a sentence or a long question.")
  private Phrasing phrasing;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  JudgedQueries() {}

  /**
   * Refuses options that do not go together.
   *
   * @param ofIndex whether an index is asked, for which there must be queries
   */
  void check(boolean ofIndex) {
    if (Stream.of(qrels != null, relevantField != null, !rareWords.isEmpty())
            .filter(given -> given)
            .count()
        != 1) {
      throw wrongUsage(
          "give one of --qrels, --relevant-field and --rare-words: which answers are right?");
    }
    if (queries != null && !rareWords.isEmpty()) {
      throw wrongUsage("--rare-words makes queries of its own and does not go with --queries");
    }
    if (phrasing != Phrasing.ALONE && rareWords.isEmpty()) {
      throw wrongUsage("--in-sentences goes with --rare-words");
    }
    if (queries == null && rareWords.isEmpty() && (ofIndex || relevantField != null)) {
      throw wrongUsage("--queries is missing");
    }
    if (relevantField == null && !filterFields.isEmpty()) {
      throw wrongUsage("--filter-field goes with --relevant-field");
    }
  }

  /** The queries with their judgements; null if there are judgements alone. */
  @Nullable TestCollection collection() {
    if (!rareWords.isEmpty()) {
      return TestCollection.ofRareWords(rareWords, RARE_WORDS, SEED, phrasing);
    }
    if (queries == null) {
      return null;
    }
    return relevantField == null
        ? TestCollection.read(queries, required("--qrels", qrels))
        : TestCollection.ofQuestions(queries, queryField, relevantField, filterFields);
  }

  /** The judgements of {@code --qrels}. */
  Judgements judgements() {
    return Judgements.read(required("--qrels", qrels));
  }

  private <T> T required(String option, @Nullable T value) {
    if (value == null) {
      throw wrongUsage(option + " is missing");
    }
    return value;
  }

  private ParameterException wrongUsage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
