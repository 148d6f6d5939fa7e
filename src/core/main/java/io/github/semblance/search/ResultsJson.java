package io.github.semblance.search;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.TotalHits;
import org.jspecify.annotations.Nullable;

/**
 * What {@link SearchResults} are in JSON: the one place that names its properties, for the command
 * line, the server and every other program that writes them. Without state.
 *
 * <p>The maps keep their order and hold strings, numbers, booleans, nulls, lists and such maps
 * again, so that any JSON library writes them as they are:
 *
 * <pre>
 * {query | like, mode, took_ms, total, total_relation: eq | gte, timed_out, confidence, reranked?,
 *  empty_filter?, facets?: {FIELD: [{value, count}]},
 *  hits: [{rank, id, score, lexical: {rank, score} | null, semantic: …, rerank?: …,
 *          group?: {value | null, count},
 *          fields: {title, text, NAME: value | [values]}, place?: {headings: [heading], page?},
 *          passage: {text, start, end, place?, highlight?} | null,
 *          shares?: {lexical, semantic}, explanation?}]}
 * highlight: {text, start, end, cosine, words: [{start, end}], around: {start, end}}
 * </pre>
 *
 * <p>Offsets count {@code char}s, which are JavaScript's UTF-16 units. What is marked with ? is
 * there only if the request asks for it; a place only where the document has sections or pages. A
 * hit's own is that of its snippet.
 */
public final class ResultsJson {
  private ResultsJson() {}

  /** The whole answer. */
  public static Map<String, @Nullable Object> of(SearchResults results) {
    return of(results, false);
  }

  /**
   * The answer without whole texts: {@code fields} lack {@code text}, and each hit has what to show
   * of it, {@code snippet: {text, highlights: [{start, end}]}} with places in the snippet.
   */
  public static Map<String, @Nullable Object> brief(SearchResults results) {
    return of(results, true);
  }

  /** A document: {@code {id, fields: {title, text, NAME: value | [values]}}}. */
  public static Map<String, @Nullable Object> of(IndexedDocument document) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", document.id());
    Map<String, Object> fields = ordered("title", document.title(), "text", document.text());
    addTo(fields, document.fields());
    json.put("fields", fields);
    return json;
  }

  private static Map<String, @Nullable Object> of(SearchResults results, boolean brief) {
    SearchRequest request = results.request();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put(
        request.question() instanceof Question.Like ? "like" : "query", request.question().text());
    json.put("mode", request.mode().name().toLowerCase(Locale.ROOT));
    json.put("took_ms", Math.round(results.took().toNanos() / 1e3) / 1e3);
    json.put("total", results.total().value());
    json.put(
        "total_relation", results.total().relation() == TotalHits.Relation.EQUAL_TO ? "eq" : "gte");
    json.put("timed_out", results.timedOut());
    Float confidence = results.confidence();
    json.put("confidence", confidence == null ? null : Math.round(confidence * 1e4) / 1e4);
    if (results.reranking() != null) {
      json.put("reranked", results.reranking().read());
    }
    if (!request.filters().isEmpty() || !request.ranges().isEmpty()) {
      json.put("empty_filter", results.emptyFilter());
    }
    if (!results.facets().isEmpty()) {
      Map<String, Object> facets = new LinkedHashMap<>();
      results
          .facets()
          .forEach(
              (field, counts) ->
                  facets.put(
                      field,
                      counts.stream()
                          .map(count -> ordered("value", count.value(), "count", count.count()))
                          .toList()));
      json.put("facets", facets);
    }
    List<Map<String, @Nullable Object>> hits = new ArrayList<>(results.hits().size());
    for (Hit hit : results.hits()) {
      hits.add(hit(hit, results.reranking() != null, brief));
    }
    json.put("hits", hits);
    return json;
  }

  private static Map<String, @Nullable Object> hit(Hit hit, boolean reranked, boolean brief) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("rank", hit.rank());
    json.put("id", hit.id());
    json.put("score", hit.score());
    json.put("lexical", leg(hit.lexical()));
    json.put("semantic", leg(hit.semantic()));
    if (reranked) {
      json.put("rerank", leg(hit.rerank()));
    }
    if (hit.group() != null) {
      Map<String, @Nullable Object> group = new LinkedHashMap<>();
      group.put("value", hit.group().value());
      group.put("count", hit.group().count());
      json.put("group", group);
    }
    Map<String, Object> fields = ordered("title", hit.title(), "text", hit.text());
    addTo(fields, hit.fields());
    json.put("fields", fields);
    if (brief) {
      fields.remove("text", hit.text()); // a keyword field of that name stays
      json.put("snippet", snippet(hit.snippet()));
    }
    putPlace(json, hit.snippet().place());
    json.put("passage", passage(hit));
    if (hit.explanation() != null) {
      Map<String, Object> shares = shares(hit.explanation());
      if (shares != null) {
        json.put("shares", shares);
      }
      json.put("explanation", hit.explanation().toString());
    }
    return json;
  }

  private static @Nullable Map<String, Object> leg(Hit.@Nullable Leg leg) {
    return leg == null ? null : ordered("rank", leg.rank(), "score", leg.score());
  }

  private static void addTo(Map<String, Object> json, Map<String, List<String>> fields) {
    fields.forEach((name, values) -> json.put(name, values.size() == 1 ? values.get(0) : values));
  }

  private static Map<String, Object> snippet(Snippet snippet) {
    return ordered(
        "text",
        snippet.text(),
        "highlights",
        snippet.highlights().stream()
            .map(span -> ordered("start", span.start(), "end", span.end()))
            .toList());
  }

  /** What each leg adds to a hybrid score, as its explanation says; null for other scores. */
  private static @Nullable Map<String, Object> shares(Explanation explanation) {
    Number lexical = null;
    Number semantic = null;
    for (Explanation part : explanation.getDetails()) {
      if (part.getDescription().startsWith("lexical, ")) {
        lexical = part.getValue();
      } else if (part.getDescription().startsWith("semantic, ")) {
        semantic = part.getValue();
      }
    }
    return lexical == null && semantic == null
        ? null
        : ordered(
            "lexical", lexical == null ? 0 : lexical, "semantic", semantic == null ? 0 : semantic);
  }

  private static @Nullable Map<String, Object> passage(Hit hit) {
    Hit.PassageText passage = hit.passage();
    if (passage == null) {
      return null;
    }
    Map<String, Object> json = text(passage);
    Highlight highlight = hit.highlight();
    if (highlight != null) {
      Map<String, Object> sentence = text(highlight.sentence());
      sentence.put("cosine", highlight.cosine());
      sentence.put(
          "words",
          highlight.words().stream()
              .map(word -> ordered("start", word.start(), "end", word.end()))
              .toList());
      Hit.PassageText around = highlight.around();
      sentence.put("around", ordered("start", around.start(), "end", around.end()));
      json.put("highlight", sentence);
    }
    return json;
  }

  private static Map<String, Object> text(Hit.PassageText passage) {
    Map<String, Object> json = ordered("text", passage.text(), "start", passage.start());
    json.put("end", passage.end());
    putPlace(json, passage.place());
    return json;
  }

  private static void putPlace(Map<String, ? super Map<String, Object>> json, Place place) {
    if (!place.equals(Place.UNKNOWN)) {
      Map<String, Object> where = new LinkedHashMap<>();
      where.put("headings", place.headings());
      if (place.page() > 0) {
        where.put("page", place.page());
      }
      json.put("place", where);
    }
  }

  private static Map<String, Object> ordered(
      String first, Object value, String second, Object other) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put(first, value);
    json.put(second, other);
    return json;
  }
}
