package io.github.semblance.cli;

import io.github.semblance.search.Hit;
import io.github.semblance.search.SearchRequest;
import io.github.semblance.search.SearchRequestException;
import io.github.semblance.search.SearchResults;
import io.github.semblance.search.SemanticSearcher;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Many questions of one person, one after the other. A line that begins with a colon is a command:
 * one of those below, or an option of {@code search} that the next questions are asked with. For
 * use by one thread.
 */
final class SearchSession {
  private static final String OPEN = ":open";
  private static final String LIKE = ":like";
  private static final String HELP = ":help";
  private static final String QUIT = ":quit";

  private final Streams streams;
  private final SemanticSearcher searcher;
  private final SessionSettings settings;
  private final Interruption interruption;
  private @Nullable SearchResults last;

  /**
   * Asks on these streams.
   *
   * @param interruption what ends a search before its time
   */
  SearchSession(
      Streams streams,
      SemanticSearcher searcher,
      SessionSettings settings,
      Interruption interruption) {
    this.streams = streams;
    this.searcher = searcher;
    this.settings = settings;
    this.interruption = interruption;
  }

  /** All commands, in alphabetical order. */
  static Set<String> commands(SessionSettings settings) {
    Set<String> commands = new TreeSet<>(List.of(OPEN, LIKE, HELP, QUIT));
    settings.options().keySet().forEach(name -> commands.add(":" + name));
    return commands;
  }

  /** Answers what is typed until the person has done. */
  void run(TypedLines lines) throws IOException {
    say(Amount.of(searcher.documents(), "document") + "; " + HELP + " tells what can be typed.");
    String line = lines.next();
    while (line != null && !line.strip().equals(QUIT)) {
      try {
        obey(line.strip());
      } catch (ParameterException | SearchRequestException e) {
        say("semblance: " + Printable.message(Failures.text(e)));
      }
      line = lines.next();
    }
  }

  private void obey(String line) throws IOException {
    if (line.isEmpty()) {
      return;
    }
    if (!line.startsWith(":")) {
      answer(settings.current().request(line));
      return;
    }
    String[] words = line.split("\\s+", 2);
    String command = words[0].toLowerCase(Locale.ROOT);
    @Nullable String argument = words.length > 1 ? words[1] : null;
    switch (command) {
      case HELP -> help();
      case OPEN -> open(hit(argument));
      case LIKE -> answer(settings.current().like(hit(argument).id()));
      default -> set(command.substring(1), argument);
    }
  }

  private void answer(SearchRequest request) throws IOException {
    interruption.begin();
    try {
      SearchResults results = searcher.search(request, interruption);
      boolean unused = settings.current().printer(searcher).print(results, interruption);
      last = results;
    } finally {
      interruption.done();
    }
  }

  private void set(String name, @Nullable String value) {
    if (!settings.options().containsKey(name)) {
      throw new SearchRequestException(
          "no command \":"
              + name
              + "\"; there are "
              + String.join(", ", commands(settings))
              + "; a question does not begin with a colon");
    }
    settings.set(name, value);
    String text = settings.text();
    say(text.isEmpty() ? "All options are as by default." : Printable.message(text));
  }

  private Hit hit(@Nullable String number) {
    List<Hit> hits = last == null ? List.of() : last.hits();
    for (Hit hit : hits) {
      if (Integer.toString(hit.rank()).equals(number)) {
        return hit;
      }
    }
    throw new SearchRequestException(
        hits.isEmpty()
            ? "there are no hits yet; ask a question first"
            : "give the number of a hit, from "
                + hits.getFirst().rank()
                + " to "
                + hits.getLast().rank()
                + ", got: "
                + (number == null ? "none" : "\"" + number + "\""));
  }

  private void open(Hit hit) {
    new HitPrinter(streams).printWhole(hit);
    streams.out().flush();
  }

  private void help() {
    PrintWriter err = streams.err();
    line(err, "words", "a question");
    line(err, OPEN + " N", "show the whole document of hit N");
    line(err, LIKE + " N", "find documents close in meaning to hit N");
    settings
        .options()
        .forEach(
            (name, option) ->
                line(
                    err,
                    ":" + name + (SessionSettings.isSwitch(option) ? "" : " " + label(option)),
                    description(option)));
    line(err, QUIT, "end, as Ctrl-D does; Ctrl-C ends a search that runs");
    say(
        String.join(
            System.lineSeparator(),
            TextColumns.lines(
                "An option without a value is as by default again. Tab completes.",
                streams.columns())));
    String text = settings.text();
    say(text.isEmpty() ? "All options are as by default." : "Now: " + Printable.message(text));
  }

  private static String label(OptionSpec option) {
    return "[" + option.paramLabel() + "]";
  }

  /** The first sentence. */
  private static String description(OptionSpec option) {
    String all = String.join(" ", option.description());
    int end = all.indexOf(". ");
    String first = end < 0 ? all : all.substring(0, end + 1);
    // What is in brackets tells a default, which stands for itself here.
    return first.replaceAll("\\s*\\([^()]*\\)", "").replaceAll("(?s)[;:]\\s.*", ".");
  }

  private void line(PrintWriter err, String command, String meaning) {
    int indent = 26;
    String head = "  " + command;
    if (head.length() >= indent) {
      err.println(head);
      head = "";
    }
    for (String line : TextColumns.lines(meaning, streams.columns() - indent)) {
      err.println(TextColumns.padded(head, indent) + line);
      head = "";
    }
  }

  private void say(String message) {
    streams.err().println(message);
    streams.err().flush();
  }
}
