package io.github.semblance.cli;

import io.github.semblance.search.SearchRequest;
import io.github.semblance.search.SearchRequestException;
import io.github.semblance.search.SemanticSearcher;
import java.io.IOException;
import java.util.function.Function;

/** Many questions of one person, one after the other. For use by one thread. */
final class SearchSession {
  private final Streams streams;
  private final SemanticSearcher searcher;
  private final Function<String, SearchRequest> requests;
  private final ResultsPrinter printer;

  /**
   * Asks on these streams.
   *
   * @param requests makes the request for a query
   */
  SearchSession(
      Streams streams,
      SemanticSearcher searcher,
      Function<String, SearchRequest> requests,
      ResultsPrinter printer) {
    this.streams = streams;
    this.searcher = searcher;
    this.requests = requests;
    this.printer = printer;
  }

  /** Answers what is typed until an empty line or the end of the input. */
  void run() throws IOException {
    Utf8Lines lines = new Utf8Lines(streams.in());
    streams.err().println(searcher.documents() + " documents. An empty line ends.");
    try (Interruption interruption = Interruption.ofProcess()) {
      while (true) {
        streams.err().print("> ");
        streams.err().flush();
        String line = lines.nextTyped();
        if (line == null) {
          streams.err().println();
          return;
        }
        if (line.isBlank()) {
          return;
        }
        interruption.begin();
        try {
          SearchRequest request = requests.apply(line);
          boolean unused = printer.print(searcher.search(request, interruption), interruption);
        } catch (SearchRequestException e) {
          streams.err().println("semblance: " + Printable.message(Failures.text(e)));
        } finally {
          interruption.done();
        }
      }
    }
  }
}
