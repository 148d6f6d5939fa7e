package io.github.semblance.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.store.embedding.filter.Filter;
import io.github.semblance.search.Hit;
import io.github.semblance.search.SearchMode;
import io.github.semblance.search.SearchRequest;
import io.github.semblance.search.SemanticSearcher;
import io.github.semblance.store.StoredMatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * LangChain4j's content retriever that asks by keywords and by meaning at once, where its own asks
 * by meaning alone. Immutable and safe for use by many threads.
 *
 * <p>Over a {@link SemblanceEmbeddingStore} a content is a segment as it was added; one that was
 * added without a text is no content and left out. Over a {@link SemanticSearcher}, for an index
 * that {@code ./semblance index} or a {@code SemanticIndexWriter} made, it is the passage of a
 * document that is closest to the question, with the document's id, title and keywords as metadata.
 * Each content tells its score and, as its embedding's id, the document's.
 */
public final class SemblanceContentRetriever implements ContentRetriever {
  private static final int DEFAULT_MAX_RESULTS = 3;

  private final Function<Query, List<Content>> source;

  private SemblanceContentRetriever(Function<Query, List<Content>> source) {
    this.source = source;
  }

  /** A retriever over a store, to be refined. */
  public static Builder builder(SemblanceEmbeddingStore store) {
    return new Builder(store, null);
  }

  /**
   * A retriever over an index, to be refined. It takes no filters: {@link SemanticSearcher#among}
   * makes a searcher that does.
   */
  public static Builder builder(SemanticSearcher searcher) {
    return new Builder(null, searcher);
  }

  /** Collects settings; for one thread. */
  public static final class Builder {
    private final @Nullable SemblanceEmbeddingStore store;
    private final @Nullable SemanticSearcher searcher;
    private SearchMode mode = SearchMode.HYBRID;
    private int maxResults = DEFAULT_MAX_RESULTS;
    private @Nullable Double minScore;
    private @Nullable Function<Query, @Nullable Filter> filter;

    private Builder(@Nullable SemblanceEmbeddingStore store, @Nullable SemanticSearcher searcher) {
      this.store = store;
      this.searcher = searcher;
    }

    /** Which evidence to use; both by default. */
    public Builder mode(SearchMode value) {
      this.mode = value;
      return this;
    }

    /** How many contents to give at most, at least 1; 3 by default, as in LangChain4j. */
    public Builder maxResults(int value) {
      this.maxResults = value;
      return this;
    }

    /**
     * The least score, in LangChain4j's scale {@code (1 + cosine) / 2}, at which meaning alone
     * finds a content: what keywords find is given all the same. No limit by default.
     */
    public Builder minScore(double value) {
      this.minScore = value;
      return this;
    }

    /** What segments must meet. */
    public Builder filter(Filter value) {
      return dynamicFilter(query -> value);
    }

    /** What segments must meet, by query; a null filter for nothing. */
    public Builder dynamicFilter(Function<Query, @Nullable Filter> value) {
      if (searcher != null) {
        throw new IllegalArgumentException(
            "a filter applies to a store; give the retriever searcher.among(query) instead");
      }
      this.filter = value;
      return this;
    }

    /**
     * The retriever as collected.
     *
     * @throws dev.langchain4j.exception.InvalidRequestException if a setting is out of its range
     */
    public SemblanceContentRetriever build() {
      SearchRequest unused = request("any", mode, maxResults, minScore); // refuses bad settings now
      SearchMode askedMode = unused.mode();
      int top = unused.page().top();
      Double least = minScore;
      SemblanceEmbeddingStore from = store;
      SemanticSearcher over = searcher;
      Function<Query, @Nullable Filter> by = filter;
      if (from != null) {
        return new SemblanceContentRetriever(
            query ->
                contents(
                    from.search(
                        request(query.text(), askedMode, top, least),
                        by == null ? null : by.apply(query))));
      }
      if (over != null) {
        return new SemblanceContentRetriever(
            query -> passages(over, request(query.text(), askedMode, top, least)));
      }
      throw new AssertionError("a builder has a store or a searcher");
    }

    private static SearchRequest request(
        String words, SearchMode mode, int top, @Nullable Double minScore) {
      return Translated.call(
          () -> {
            SearchRequest.Builder request = SearchRequest.builder(words).mode(mode).top(top);
            if (minScore != null) {
              request.minSimilarity((float) (2 * minScore - 1));
            }
            return request.build();
          });
    }
  }

  @Override
  public List<Content> retrieve(Query query) {
    return source.apply(query);
  }

  private static List<Content> contents(List<StoredMatch> matches) {
    List<Content> contents = new ArrayList<>(matches.size());
    for (StoredMatch match : matches) {
      TextSegment segment = MetadataTranslation.segment(match);
      if (segment != null) {
        contents.add(content(segment, match.id(), match.score()));
      }
    }
    return contents;
  }

  private static List<Content> passages(SemanticSearcher searcher, SearchRequest request) {
    List<Content> contents = new ArrayList<>();
    for (Hit hit : Translated.call(() -> searcher.search(request)).hits()) {
      Hit.PassageText passage = hit.passage();
      Map<String, Object> metadata = new LinkedHashMap<>(hit.fields());
      metadata.put("id", hit.id());
      metadata.put("title", hit.title());
      TextSegment segment =
          TextSegment.from(
              passage == null ? hit.text() : passage.text(),
              MetadataTranslation.metadata(metadata));
      contents.add(content(segment, hit.id(), hit.score()));
    }
    return contents;
  }

  private static Content content(TextSegment segment, String id, float score) {
    return Content.from(
        segment, Map.of(ContentMetadata.SCORE, (double) score, ContentMetadata.EMBEDDING_ID, id));
  }
}
