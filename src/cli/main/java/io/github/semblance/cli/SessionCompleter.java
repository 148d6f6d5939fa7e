package io.github.semblance.cli;

import io.github.semblance.search.KeywordValues;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Completes commands of a session, values of options, and the fields of the index and their values:
 * {@code field=value} after a command, {@code field:value} in a question.
 */
final class SessionCompleter implements Completer {
  private static final int MOST = 100;
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}_]+");
  private static final Logger LOG = Logger.getLogger(SessionCompleter.class.getName());

  private final Map<String, OptionSpec> options;

  private final Set<String> commands;
  private final KeywordValues values;

  /**
   * Completes for an index.
   *
   * @param options by name without dashes
   * @param commands with colons; those of the options among them
   */
  SessionCompleter(Map<String, OptionSpec> options, Set<String> commands, KeywordValues values) {
    this.options = options;
    this.commands = commands;
    this.values = values;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    try {
      String typed = line.word().substring(0, line.wordCursor());
      if (line.wordIndex() == 1) {
        completeValue(options.get(line.words().get(0).substring(1)), typed, candidates);
      } else if (line.line().startsWith(":")) {
        commands.forEach(command -> candidates.add(whole(command)));
      } else if (!typed.isEmpty()) {
        completeFields(typed, ":", candidates);
      }
    } catch (IOException e) {
      LOG.log(Level.INFO, "nothing is completed", e);
    }
  }

  private void completeValue(@Nullable OptionSpec option, String typed, List<Candidate> candidates)
      throws IOException {
    if (option == null) {
      return;
    }
    SessionSettings.choices(option)
        .forEach(choice -> candidates.add(whole(choice.toLowerCase(Locale.ROOT))));
    if (option.paramLabel().startsWith("FIELD=")) {
      completeFields(typed, "=", candidates);
    } else if (option.paramLabel().startsWith("FIELD")) {
      values.fields().forEach(field -> candidates.add(whole(field)));
    }
  }

  private void completeFields(String typed, String sign, List<Candidate> candidates)
      throws IOException {
    // What may stand before a field in a question.
    int start = 0;
    while (sign.equals(":") && start < typed.length() && "+-!(".indexOf(typed.charAt(start)) >= 0) {
      start++;
    }
    String before = typed.substring(0, start);
    int end = typed.indexOf(sign);
    if (end < 0) {
      values.fields().forEach(field -> candidates.add(part(before + field + sign)));
      return;
    }
    String field = typed.substring(start, end);
    for (String value : values.beginningWith(typed.substring(end + 1), field, MOST)) {
      String shown = sign.equals(":") ? quoted(value) : value;
      candidates.add(whole(before + field + sign + shown));
    }
  }

  /** As Lucene's syntax takes a value that is more than a word. */
  private static String quoted(String value) {
    return WORD.matcher(value).matches()
        ? value
        : "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static Candidate whole(String text) {
    return candidate(text, true);
  }

  private static Candidate part(String text) {
    return candidate(text, false);
  }

  private static Candidate candidate(String text, boolean whole) {
    return new Candidate(text, Printable.line(text), null, null, null, null, whole);
  }
}
