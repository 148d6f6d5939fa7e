package io.github.semblance.server;

import io.github.semblance.embed.EmbeddingException;
import io.github.semblance.search.SearchRequestException;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What agents may do here: search, fetch a document, find similar ones. Immutable. */
final class McpTools {
  /** What agents are told of the server as a whole. */
  static final String INSTRUCTIONS =
      "Searches collections of documents by words and by meaning. Use search with a question in"
          + " plain words, fetch for the whole text of a hit, find_similar for more like a"
          + " document. confidence, from 0 to 1, says how sure it is that the documents answer the"
          + " question.";

  /** Characters of a text that one call of fetch returns at most. */
  static final int FETCHED = 20_000;

  private final Api api;

  McpTools(Api api) {
    this.api = api;
  }

  /**
   * A tool.
   *
   * @param call makes the result of arguments by name
   */
  record Definition(
      McpSchema.Tool tool, Function<Map<String, Object>, McpSchema.CallToolResult> call) {}

  /** All of them. */
  List<Definition> all() {
    Map<String, Object> index = text("Name of the index; the first one by default.");
    Map<String, Object> top = whole("How many hits at most.", 1, SearchArguments.MOST_HITS);
    Map<String, Object> from = whole("How many of the best hits to leave out.", 0, 10_000);
    Map<String, Object> filter =
        Map.of(
            "type",
            "array",
            "items",
            Map.of("type", "string"),
            "description",
            "Only documents with these keywords, each like field:value; search tells the fields.");
    Map<String, Object> mode =
        Map.of(
            "type",
            "string",
            "enum",
            List.of("hybrid", "bm25", "semantic"),
            "description",
            "hybrid, the default, by words and meaning; bm25 by words; semantic by meaning.");
    return List.of(
        define(
            "search",
            "Search documents",
            "Finds the documents that answer a question or match words, best first, with the"
                + " passage closest in meaning.",
            properties(
                "query",
                text("The question or words."),
                "top",
                top,
                "from",
                from,
                "mode",
                mode,
                "filter",
                filter,
                "index",
                index),
            "query",
            this::search),
        define(
            "fetch",
            "Fetch a document",
            "Reads a document by the id of a hit: title, fields and text, at most "
                + FETCHED
                + " characters at once.",
            properties(
                "id", text("The id of a hit."),
                "offset", whole("First character to read.", 0, Integer.MAX_VALUE),
                "index", index),
            "id",
            this::fetch),
        define(
            "find_similar",
            "Find similar documents",
            "Finds the documents closest in meaning to one of the index.",
            properties(
                "id",
                text("The id of a hit."),
                "top",
                top,
                "from",
                from,
                "filter",
                filter,
                "index",
                index),
            "id",
            this::similar));
  }

  private interface Call {
    Object on(Map<String, Object> given) throws IOException;
  }

  private static Definition define(
      String name,
      String title,
      String description,
      Map<String, Object> properties,
      String required,
      Call call) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", properties);
    schema.put("required", List.of(required));
    schema.put("additionalProperties", false);
    McpSchema.Tool tool =
        McpSchema.Tool.builder(name, schema)
            .title(title)
            .description(description)
            .annotations(
                McpSchema.ToolAnnotations.builder()
                    .title(title)
                    .readOnlyHint(true)
                    .idempotentHint(true)
                    .openWorldHint(false)
                    .build())
            .build();
    return new Definition(tool, given -> result(call, given));
  }

  private static McpSchema.CallToolResult result(Call call, @Nullable Map<String, Object> given) {
    try {
      Object answer = call.on(given == null ? Map.of() : given);
      return McpSchema.CallToolResult.builder()
          .addTextContent(JsonMapper.shared().writeValueAsString(answer))
          .structuredContent(answer)
          .build();
    } catch (RequestRefused | SearchRequestException | EmbeddingException | IOException e) {
      return McpSchema.CallToolResult.builder()
          .addTextContent(e.getMessage() == null ? e.toString() : e.getMessage())
          .isError(true)
          .build();
    }
  }

  private Object search(Map<String, Object> given) throws IOException {
    Map<String, Object> renamed = new LinkedHashMap<>(given);
    renamed.put("q", renamed.remove("query"));
    renamed.put("text", "snippet");
    return api.search(arguments(renamed, SearchArguments.SEARCH));
  }

  private Object similar(Map<String, Object> given) throws IOException {
    Map<String, Object> other = new LinkedHashMap<>(given);
    Object id = other.remove("id");
    other.put("text", "snippet");
    return api.similar(arguments(other, SearchArguments.SIMILAR), String.valueOf(id));
  }

  private Object fetch(Map<String, Object> given) throws IOException {
    Arguments arguments = arguments(given, List.of("id", "offset", "index"));
    Map<String, @Nullable Object> document = api.document(arguments, arguments.required("id"));
    int offset = arguments.whole("offset", 0, 0, Integer.MAX_VALUE);
    if (document.get("fields") instanceof Map<?, ?> fields
        && fields.get("text") instanceof String text) {
      int start = Math.min(offset, text.length());
      int end = Math.min(start + FETCHED, text.length());
      Map<Object, Object> part = new LinkedHashMap<>(fields);
      part.put("text", text.substring(start, end));
      document.put("fields", part);
      document.put("characters", text.length());
      if (end < text.length()) {
        document.put("next_offset", end);
      }
    }
    return document;
  }

  private static Arguments arguments(Map<String, Object> given, List<String> known) {
    return Arguments.ofJson(JsonMapper.shared().writeValueAsString(given), known);
  }

  private static Map<String, Object> text(String description) {
    return Map.of("type", "string", "description", description);
  }

  private static Map<String, Object> whole(String description, int least, int most) {
    return Map.of("type", "integer", "description", description, "minimum", least, "maximum", most);
  }

  private static Map<String, Object> properties(Object... namesAndSchemas) {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<Object> all = new ArrayList<>(List.of(namesAndSchemas));
    for (int i = 0; i < all.size(); i += 2) {
      properties.put((String) all.get(i), all.get(i + 1));
    }
    return properties;
  }
}
