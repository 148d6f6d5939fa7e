package io.github.semblance.cli;

import io.github.semblance.search.SearchRequestException;
import io.github.semblance.search.SearchResults;
import io.github.semblance.search.SemanticSearcher;
import java.io.IOException;
import picocli.CommandLine.ParameterException;

/**
 * Questions that a program writes to standard input, one a line, each answered before the next is
 * read. What is wrong with one of them is told by its line, and the rest goes on. For use by one
 * thread.
 */
final class PipedQueries {
  private final Streams streams;
  private final Search search;

  PipedQueries(Streams streams, Search search) {
    this.streams = streams;
    this.search = search;
  }

  /**
   * Answers all lines that are not blank.
   *
   * @return how many there were, and whether each was answered wholly
   */
  Outcome run(SemanticSearcher searcher) throws IOException {
    ResultsPrinter printer = search.printer(searcher);
    Utf8Lines lines = new Utf8Lines(streams.in());
    Outcome outcome = new Outcome(0, true);
    while (true) {
      String problem;
      try {
        String line = lines.next();
        if (line == null) {
          return outcome;
        }
        if (line.isBlank()) {
          continue;
        }
        SearchResults results = searcher.search(search.request(line));
        printer.announce(line);
        outcome = outcome.plus(printer.print(results, () -> false));
        continue;
      } catch (CommandFailure e) {
        problem = Failures.text(e); // names the line
      } catch (ParameterException | SearchRequestException e) {
        problem = "standard input:" + lines.number() + ": " + Failures.text(e);
      }
      streams.err().println("semblance: " + Printable.message(problem));
      outcome = outcome.plus(false);
    }
  }

  /**
   * What became of the questions.
   *
   * @param questions lines that were not blank
   * @param whole whether each had its whole answer
   */
  record Outcome(long questions, boolean whole) {
    private Outcome plus(boolean answered) {
      return new Outcome(questions + 1, whole && answered);
    }
  }
}
