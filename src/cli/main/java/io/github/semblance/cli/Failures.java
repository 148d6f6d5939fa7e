package io.github.semblance.cli;

import io.github.semblance.bert.checkpoint.CheckpointException;
import io.github.semblance.corpus.CorpusException;
import io.github.semblance.embed.EmbeddingException;
import io.github.semblance.evaluate.EvaluationException;
import io.github.semblance.index.IndexOpenException;
import io.github.semblance.search.SearchRequestException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.lucene.store.AlreadyClosedException;
import picocli.CommandLine.ParameterException;

/** Words for what went wrong: one line, no stack trace. */
final class Failures {
  /** Where the library that reads options lists the names of constants. */
  private static final Pattern CHOICES =
      Pattern.compile("(?<=expected one of )\\[(?<words>[A-Z0-9_, ]+)\\] \\(case-insensitive\\)");

  private Failures() {}

  /** The message to show for a failure. */
  static String message(Throwable failure) {
    return switch (failure) {
      case CheckpointException e -> text(e);
      case CorpusException e -> text(e);
      case EmbeddingException e -> text(e);
      case EvaluationException e -> text(e);
      case IndexOpenException e -> text(e);
      case SearchRequestException e -> text(e);
      case CommandFailure e -> text(e);
      case UncheckedIOException e -> {
        Throwable cause = e.getCause();
        yield cause == null ? text(e) : message(cause);
      }
      case NoSuchFileException e -> "no such file or folder: " + e.getFile();
      case AccessDeniedException e -> "permission denied: " + e.getFile();
      case FileSystemException e ->
          e.getReason() == null ? e.getFile() + ": " + e : e.getFile() + ": " + e.getReason();
      // A full disk closes Lucene's writer; the reason stands behind.
      case AlreadyClosedException e -> {
        Throwable cause = e.getCause();
        yield cause == null ? text(e) : message(cause);
      }
      case IOException e -> text(e);
      case OutOfMemoryError e ->
          "not enough memory ("
              + e.getMessage()
              + "); give the JVM more, for example with SEMBLANCE_JAVA_OPTS=-Xmx4g";
      default -> "internal error: " + failure + "; run again with --debug for the details";
    };
  }

  /** The message of a failure, or what there is in its place. */
  static String text(Throwable failure) {
    String message = failure.getMessage();
    if (message == null) {
      return failure.toString();
    }
    return failure instanceof ParameterException
        ? CHOICES
            .matcher(message)
            .replaceAll(
                choices ->
                    Matcher.quoteReplacement(choices.group("words").toLowerCase(Locale.ROOT)))
        : message;
  }
}
