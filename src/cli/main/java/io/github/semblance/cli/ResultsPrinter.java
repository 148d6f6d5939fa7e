package io.github.semblance.cli;

import io.github.semblance.search.Reranking;
import io.github.semblance.search.ResultsJson;
import io.github.semblance.search.SearchResults;
import java.time.Duration;
import org.apache.lucene.index.QueryTimeout;

/** Shows the results of searches, and says on standard error what they lack. */
final class ResultsPrinter {
  private final Streams streams;
  private final boolean json;

  /**
   * Prints to these streams.
   *
   * @param json for programs: one line of JSON for each results
   */
  ResultsPrinter(Streams streams, boolean json) {
    this.streams = streams;
    this.json = json;
  }

  /**
   * Prints what was found.
   *
   * @param cancelled what could end the search before its time
   * @return whether there was time for all of the answer
   */
  boolean print(SearchResults results, QueryTimeout cancelled) {
    if (results.ignoredTerms() > 0) {
      say(
          "the query is too long for keyword search; "
              + results.ignoredTerms()
              + " of its words were left out of it");
    }
    if (results.droppedTokens() > 0) {
      say(
          "the query is longer than the model's window; its last "
              + results.droppedTokens()
              + " word pieces were left out of semantic search");
    }
    tellOfReranking(results);
    if (json) {
      streams.out().println(Printable.json(ResultsJson.of(results)));
    } else {
      new HitPrinter(streams).print(results);
    }
    streams.out().flush();
    if (results.timedOut()) {
      Duration limit = results.request().timeLimit();
      say(
          cancelled.shouldExit() || limit == null
              ? "interrupted"
              : "the search was not done after "
                  + DurationConverter.words(limit)
                  + "; what it had found may lack the best; allow more with --timeout");
    }
    return !results.timedOut();
  }

  private void tellOfReranking(SearchResults results) {
    Reranking reranking = results.reranking();
    if (reranking == null) {
      return;
    }
    if (reranking.read() < reranking.wanted()) {
      say(
          "there was time to rerank the first "
              + reranking.read()
              + " of "
              + reranking.wanted()
              + " hits; the others keep their places");
    }
    if (reranking.cut() > 0) {
      say(
          "the reranker's window is too short for "
              + Amount.of(reranking.cut(), "passage")
              + ", which it read in part");
    }
  }

  private void say(String message) {
    streams.err().println("semblance: " + message);
  }
}
