package io.github.semblance.server;

import io.github.semblance.embed.Embedding;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.IndexManifest;
import io.github.semblance.search.ResultsJson;
import io.github.semblance.search.SearchRequest;
import io.github.semblance.search.SearchResults;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The interface for programs: what is asked at which address, and the objects that answer it. Safe
 * for use by many threads. {@code openapi.json} among the resources describes it.
 */
final class Api {
  static final String SEARCH = "/api/search";
  private static final int MOST_TEXTS = 64;
  private static final int LONGEST_TEXT = 100_000;

  private final ServedIndexes indexes;
  private final SearchWorkers workers;
  private final boolean hasReport;

  Api(ServedIndexes indexes, SearchWorkers workers, boolean hasReport) {
    this.indexes = indexes;
    this.workers = workers;
    this.hasReport = hasReport;
  }

  /** Makes the object that is written as JSON. */
  interface Answerer {
    /**
     * Answers.
     *
     * @param id what the address has in place of {@code {id}}; else empty
     */
    Object answer(Arguments arguments, String id) throws IOException;
  }

  /**
   * What is answered at an address.
   *
   * @param path may end in {@code {id}}
   * @param parameters the names that a request may use
   */
  record Endpoint(String method, String path, List<String> parameters, Answerer answerer) {}

  /** All of them. */
  List<Endpoint> endpoints() {
    List<String> similar = SearchArguments.SIMILAR;
    List<String> embed = List.of("text", "kind", "index");
    return List.of(
        new Endpoint("GET", SEARCH, SearchArguments.SEARCH, (arguments, id) -> search(arguments)),
        new Endpoint("POST", SEARCH, SearchArguments.SEARCH, (arguments, id) -> search(arguments)),
        new Endpoint("GET", "/api/documents/{id}", List.of("index"), this::document),
        new Endpoint("GET", "/api/similar/{id}", similar, this::similar),
        new Endpoint("GET", "/api/embed", embed, (arguments, id) -> embed(arguments)),
        new Endpoint("POST", "/api/embed", embed, (arguments, id) -> embed(arguments)),
        new Endpoint("GET", "/api/indexes", List.of(), (arguments, id) -> describe()),
        new Endpoint("GET", "/api/health", List.of(), (arguments, id) -> health()));
  }

  Map<String, @Nullable Object> search(Arguments arguments) throws IOException {
    return answer(arguments, SearchArguments.search(arguments));
  }

  Map<String, @Nullable Object> similar(Arguments arguments, String id) throws IOException {
    document(arguments, id); // or it is not found
    return answer(arguments, SearchArguments.similar(arguments, id));
  }

  private Map<String, @Nullable Object> answer(Arguments arguments, SearchRequest.Builder request)
      throws IOException {
    ServedIndex index = index(arguments);
    boolean brief = arguments.word("text", List.of("full", "snippet")).equals("snippet");
    SearchResults results =
        workers.run(
            (left, cancelled) ->
                index.read(
                    searcher -> searcher.search(request.timeLimit(left).build(), cancelled)));
    return brief ? ResultsJson.brief(results) : ResultsJson.of(results);
  }

  Map<String, @Nullable Object> document(Arguments arguments, String id) throws IOException {
    ServedIndex index = index(arguments);
    return workers.run(
        (left, cancelled) ->
            index
                .read(searcher -> searcher.document(id))
                .map(ResultsJson::of)
                .orElseThrow(
                    () ->
                        new RequestRefused(
                            404, "index \"" + index.name() + "\" has no document \"" + id + "\"")));
  }

  private Object embed(Arguments arguments) throws IOException {
    List<String> texts = arguments.all("text");
    if (texts.isEmpty() || texts.size() > MOST_TEXTS) {
      throw new RequestRefused(
          400, "\"text\" must be given 1 to " + MOST_TEXTS + " times, got: " + texts.size());
    }
    for (String text : texts) {
      if (text.length() > LONGEST_TEXT) {
        throw new RequestRefused(
            400, "\"text\" must be at most " + LONGEST_TEXT + " characters, got: " + text.length());
      }
    }
    boolean queries = arguments.word("kind", List.of("query", "passage")).equals("query");
    TextEmbedder embedder = index(arguments).embedder();
    List<Embedding> embeddings =
        workers.run(
            (left, cancelled) ->
                queries
                    ? texts.stream().map(embedder::embedQuery).toList()
                    : embedder.embedPassages(texts));
    List<Object> vectors = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      Map<String, Object> vector = new LinkedHashMap<>();
      vector.put("text", texts.get(i));
      vector.put("tokens", embeddings.get(i).tokens());
      vector.put("vector", embeddings.get(i).vector());
      vectors.add(vector);
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("model", embedder.model().name());
    answer.put("embeddings", vectors);
    return answer;
  }

  private Object describe() throws IOException {
    List<Object> all = new ArrayList<>();
    for (ServedIndex index : indexes.all()) {
      all.add(
          index.read(
              searcher -> {
                IndexManifest manifest = searcher.manifest();
                Map<String, @Nullable Object> facts = new LinkedHashMap<>();
                facts.put("name", index.name());
                facts.put("documents", searcher.documents());
                facts.put("model", manifest.model().name());
                facts.put("semantic_weight", searcher.semanticWeight());
                facts.put("confidence", index.embedder().calibration().isPresent());
                facts.put("fields", searcher.keywordFields());
                return facts;
              }));
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("indexes", all);
    answer.put("report", hasReport);
    return answer;
  }

  private Object health() throws IOException {
    boolean ok = true;
    List<Object> all = new ArrayList<>();
    for (ServedIndex index : indexes.all()) {
      Map<String, @Nullable Object> facts = new LinkedHashMap<>();
      facts.put("name", index.name());
      facts.put("documents", index.read(searcher -> searcher.documents()));
      facts.put("problem", index.problem());
      ok &= index.problem() == null;
      all.add(facts);
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("status", ok ? "ok" : "stale");
    answer.put("indexes", all);
    return answer;
  }

  private ServedIndex index(Arguments arguments) {
    return indexes.get(arguments.one("index").orElse(null));
  }
}
