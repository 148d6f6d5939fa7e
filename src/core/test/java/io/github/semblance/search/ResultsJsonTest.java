package io.github.semblance.search;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.TotalHits;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResultsJsonTest {
  private static final TotalHits ONE = new TotalHits(1, TotalHits.Relation.EQUAL_TO);

  @Test
  void aHitWithEverything() {
    Map<String, List<String>> fields = new LinkedHashMap<>();
    fields.put("tag", List.of("b", "a"));
    fields.put("course", List.of("search"));
    Hit hit =
        new Hit(
            1,
            0.5f,
            "a",
            new Hit.Leg(2, 7.25f),
            new Hit.Leg(1, 0.75f),
            new Hit.Leg(3, -1.5f),
            new Hit.Group("search", 7),
            "Title",
            "A text.",
            fields,
            new Hit.PassageText("text", 2, 6),
            new Snippet("A text.", List.of()),
            new Highlight(
                new Hit.PassageText("text.", 2, 7),
                0.25f,
                List.of(new Snippet.Span(2, 6)),
                new Hit.PassageText("A text.", 0, 7)),
            Explanation.match(0.5f, "because"));
    assertEquals(
        "{query=why, mode=hybrid, took_ms=1.235, total=1, total_relation=eq, timed_out=false,"
            + " confidence=0.1235, reranked=4, facets={course=[{value=search, count=1}]},"
            + " hits=[{rank=1, id=a, score=0.5, lexical={rank=2, score=7.25}, semantic={rank=1,"
            + " score=0.75}, rerank={rank=3, score=-1.5},"
            + " group={value=search, count=7}, fields={title=Title, text=A text.,"
            + " tag=[b, a], course=search}, passage={text=text, start=2, end=6,"
            + " highlight={text=text., start=2, end=7, cosine=0.25, words=[{start=2, end=6}],"
            + " around={start=0, end=7}}}, explanation=0.5 = because\n"
            + "}]}",
        ResultsJson.of(
                results(
                    SearchRequest.builder("why").facet("course", 3).build(),
                    ONE,
                    hit,
                    0.12345f,
                    new Reranking(5, 4, 0)))
            .toString());
  }

  @Test
  void whatIsNotThereIsNullAndWhatWasNotAskedForIsLeftOut() {
    Hit hit =
        new Hit(
            1,
            0.5f,
            "b",
            null,
            null,
            null,
            null,
            "",
            "",
            Map.of(),
            null,
            new Snippet("", List.of()),
            null,
            null);
    assertEquals(
        "{like=a, mode=semantic, took_ms=1.235, total=100000, total_relation=gte, timed_out=false,"
            + " confidence=null, hits=[{rank=1, id=b, score=0.5, lexical=null, semantic=null,"
            + " fields={title=, text=}, passage=null}]}",
        ResultsJson.of(
                results(
                    SearchRequest.like("a").build(),
                    new TotalHits(100_000, TotalHits.Relation.GREATER_THAN_OR_EQUAL_TO),
                    hit,
                    null,
                    null))
            .toString());
  }

  @Test
  void inBriefASnippetStandsForTheText() {
    Hit hit =
        new Hit(
            1,
            0.5f,
            "b",
            null,
            null,
            null,
            null,
            "Title",
            "A long text.",
            Map.of("course", List.of("x")),
            null,
            new Snippet("long", List.of(new Snippet.Span(0, 4))),
            null,
            null);
    assertEquals(
        "[{rank=1, id=b, score=0.5, lexical=null, semantic=null, fields={title=Title, course=x},"
            + " snippet={text=long, highlights=[{start=0, end=4}]}, passage=null}]",
        String.valueOf(
            ResultsJson.brief(results(SearchRequest.builder("why").build(), ONE, hit, null, null))
                .get("hits")));
  }

  private static SearchResults results(
      SearchRequest request,
      TotalHits total,
      Hit hit,
      @Nullable Float confidence,
      @Nullable Reranking reranking) {
    return new SearchResults(
        request,
        total,
        Duration.ofNanos(1_234_567),
        List.of(hit),
        request.page().facets().isEmpty()
            ? Map.of()
            : Map.of("course", List.of(new FacetCount("search", 1))),
        0,
        0,
        false,
        confidence,
        reranking,
        false);
  }
}
