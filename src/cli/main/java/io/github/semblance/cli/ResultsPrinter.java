package io.github.semblance.cli;

import io.github.semblance.search.ComparableRange;
import io.github.semblance.search.KeywordValues;
import io.github.semblance.search.Reranking;
import io.github.semblance.search.ResultsJson;
import io.github.semblance.search.SearchResults;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.QueryTimeout;

/** Shows the results of searches, and says on standard error what they lack. */
final class ResultsPrinter {
  /** How many values of a field a message names. */
  private static final int MOST_VALUES = 10;

  private final Streams streams;
  private final boolean json;
  private final ShownFields shown;
  private final KeywordValues values;

  /**
   * Prints to these streams.
   *
   * @param json for programs: one line of JSON for each results
   * @param shown for people
   * @param values what the index that was searched has
   */
  ResultsPrinter(Streams streams, boolean json, ShownFields shown, KeywordValues values) {
    this.streams = streams;
    this.json = json;
    this.shown = shown;
    this.values = values;
  }

  /** Says which of many questions is answered next; each JSON object names its own. */
  void announce(String question) {
    if (!json) {
      streams.out().println("> " + Printable.line(question));
    }
  }

  /**
   * Prints what was found.
   *
   * @param cancelled what could end the search before its time
   * @return whether there was time for all of the answer
   */
  boolean print(SearchResults results, QueryTimeout cancelled) throws IOException {
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
      new HitPrinter(streams, shown).print(results);
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
    if (results.emptyFilter()) {
      for (Map.Entry<String, List<String>> filter : results.request().filters().entrySet()) {
        tellOfValues(filter.getKey(), filter.getValue());
      }
      for (Map.Entry<String, ComparableRange> range : results.request().ranges().entrySet()) {
        tellOfNearest(range.getKey(), range.getValue());
      }
    }
    return !results.timedOut();
  }

  /** Says which values a field has, if it has none of those wanted. */
  private void tellOfValues(String field, List<String> wanted) throws IOException {
    for (String value : wanted) {
      if (values.beginningWith(value, field, 1).contains(value)) {
        return;
      }
    }
    List<String> nearest = values.nearestTo(wanted.getFirst(), field, MOST_VALUES + 1);
    if (!nearest.isEmpty()) {
      sayNone(field + "=" + String.join(" or " + field + "=", wanted), "there are: ", nearest);
    }
  }

  /** Says which values are nearest to a range, if none lies in it. */
  private void tellOfNearest(String field, ComparableRange range) throws IOException {
    List<String> nearest = values.nearestTo(range, field, MOST_VALUES + 1);
    if (!nearest.isEmpty() && range.distance(nearest.getFirst()) > 0) {
      sayNone(field + "=" + range, "the nearest are: ", nearest);
    }
  }

  private void sayNone(String condition, String others, List<String> known) {
    say(
        Printable.message(
            "no document has "
                + condition
                + "; "
                + others
                + String.join(", ", known.subList(0, Math.min(MOST_VALUES, known.size())))
                + (known.size() > MOST_VALUES ? " and more" : "")));
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
