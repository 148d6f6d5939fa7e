package io.github.semblance.cli;

import io.github.semblance.search.Hit;
import io.github.semblance.search.SearchMode;
import io.github.semblance.search.SearchResults;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Shows hits to people and to programs. */
final class HitPrinter {
  private final PrintWriter out;
  private final String bold;
  private final String plain;

  HitPrinter(Streams streams) {
    this.out = streams.out();
    boolean colours = streams.outTerminal() && Ansi.AUTO.enabled();
    this.bold = colours ? "\u001B[1m" : "";
    this.plain = colours ? "\u001B[0m" : "";
  }

  /** Prints hits for a person. */
  void print(SearchResults results) {
    if (results.hits().isEmpty()) {
      out.println("No hits.");
      return;
    }
    for (Hit hit : results.hits()) {
      out.printf(
          Locale.ROOT,
          "%2d. %s%s%s%n    %.4f  %s%n",
          hit.rank(),
          bold,
          title(hit),
          plain,
          hit.score(),
          legs(hit, results.request().mode()));
      out.println("    " + hit.snippet().marked(bold, plain).strip().replaceAll("\\s+", " "));
      if (hit.explanation() != null) {
        out.println(hit.explanation().toString().indent(4).stripTrailing());
      }
    }
    out.printf(
        Locale.ROOT, "(%d hits in %d ms)%n", results.hits().size(), results.took().toMillis());
  }

  /** A title to show, for documents that have none too. */
  static String title(Hit hit) {
    return hit.title().isBlank() ? hit.id() : hit.title().strip().replaceAll("\\s+", " ");
  }

  private static String legs(Hit hit, SearchMode mode) {
    String keywords = leg("keywords", hit.lexical());
    String meaning = leg("meaning", hit.semantic());
    String where =
        switch (mode) {
          case BM25 -> keywords;
          case SEMANTIC -> meaning;
          case HYBRID -> keywords + ", " + meaning;
        };
    return where + "  [" + hit.id() + "]";
  }

  private static String leg(String name, Hit.@Nullable Leg leg) {
    return leg == null
        ? name + " –"
        : String.format(Locale.ROOT, "%s #%d (%.3f)", name, leg.rank(), leg.score());
  }

  /** Hits for programs. */
  static ObjectNode toJson(SearchResults results) {
    ObjectNode json =
        JsonMapper.shared()
            .createObjectNode()
            .put("query", results.request().query())
            .put("mode", results.request().mode().name().toLowerCase(Locale.ROOT))
            .put("took_ms", results.took().toNanos() / 1_000_000.0)
            .put("total", results.total().value());
    ArrayNode hits = json.putArray("hits");
    for (Hit hit : results.hits()) {
      ObjectNode node =
          hits.addObject().put("rank", hit.rank()).put("id", hit.id()).put("score", hit.score());
      putLeg(node, "lexical", hit.lexical());
      putLeg(node, "semantic", hit.semantic());
      ObjectNode fields =
          node.putObject("fields").put("title", hit.title()).put("text", hit.text());
      hit.fields()
          .forEach(
              (name, values) -> {
                if (values.size() == 1) {
                  fields.put(name, values.get(0));
                } else {
                  values.forEach(fields.putArray(name)::add);
                }
              });
      if (hit.passage() == null) {
        node.putNull("passage");
      } else {
        node.putObject("passage")
            .put("text", hit.passage().text())
            .put("start", hit.passage().start())
            .put("end", hit.passage().end());
      }
      if (hit.explanation() != null) {
        node.put("explanation", hit.explanation().toString());
      }
    }
    return json;
  }

  private static void putLeg(ObjectNode node, String name, Hit.@Nullable Leg leg) {
    if (leg == null) {
      node.putNull(name);
    } else {
      node.putObject(name).put("rank", leg.rank()).put("score", leg.score());
    }
  }
}
