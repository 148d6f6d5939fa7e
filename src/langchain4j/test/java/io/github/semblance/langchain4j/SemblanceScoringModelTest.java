package io.github.semblance.langchain4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.aggregator.ReRankingContentAggregator;
import dev.langchain4j.rag.query.Query;
import io.github.semblance.bert.CrossEncoder;
import io.github.semblance.embed.EmbeddingException;
import io.github.semblance.embed.PassageScorer;
import io.github.semblance.embed.Relevance;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The scores of a cross-encoder, as transformers computes them, and what a RAG does with them. */
final class SemblanceScoringModelTest {
  private static final Path MODEL = Path.of("src/bert/test/resources/models/cross-encoder");

  /** Knows that longer passages are better, and cannot read one word. */
  private record Longest() implements PassageScorer {
    @Override
    public String name() {
      return "longest";
    }

    @Override
    public List<Relevance> score(String query, List<String> passages) {
      if (passages.contains("unreadable")) {
        throw new EmbeddingException("the model \"longest\" cannot read");
      }
      return passages.stream().map(passage -> new Relevance(passage.length() - 20, 0)).toList();
    }

    @Override
    public void close() {}
  }

  @Test
  void scoresAreTheLogisticFunctionOfTransformersLogits() throws Exception {
    JsonNode expected = JsonMapper.shared().readTree(MODEL.resolve("expected.json").toFile());
    try (PassageScorer scorer = CrossEncoder.load(MODEL.toString())) {
      ScoringModel model = SemblanceScoringModel.of(scorer);
      for (int pair = 0; pair < expected.get("pairs").size(); pair++) {
        String query = expected.at("/pairs/" + pair + "/0").asString();
        String passage = expected.at("/pairs/" + pair + "/1").asString();
        if (!query.isBlank() && !passage.isBlank()) {
          double logit = expected.at("/logits/" + pair).asDouble();
          assertEquals(1 / (1 + Math.exp(-logit)), model.score(passage, query).content(), 1e-5);
        }
      }
    }
  }

  @Test
  void aRagPutsTheBestFirst() {
    Content small = Content.from("no");
    Content large = Content.from("you can still join the course after its start");
    Query query = Query.from("is it too late?");
    List<Content> best =
        ReRankingContentAggregator.builder()
            .scoringModel(SemblanceScoringModel.of(new Longest()))
            .minScore(0.5)
            .build()
            .aggregate(Map.of(query, List.of(List.of(small, large))));
    assertEquals(List.of(large.textSegment()), best.stream().map(Content::textSegment).toList());
  }

  @Test
  void ordersAsGiven() {
    ScoringModel model = SemblanceScoringModel.of(new Longest());
    List<TextSegment> segments = new ArrayList<>();
    for (int length : new int[] {3, 40, 20}) {
      segments.add(TextSegment.from("x".repeat(length)));
    }
    List<Double> scores = model.scoreAll(segments, "q").content();
    assertEquals(0.5, scores.get(2), 1e-9);
    assertTrue(scores.get(0) < 0.1 && scores.get(1) > 0.9, scores.toString());
    assertEquals(List.of(), model.scoreAll(List.of(), "q").content());
  }

  @Test
  void whatIsWrongIsSaid() {
    ScoringModel model = SemblanceScoringModel.of(new Longest());
    assertEquals(
        "the query must not be blank, got: \" \"",
        assertThrows(InvalidRequestException.class, () -> model.score("text", " ")).getMessage());
    LangChain4jException failed =
        assertThrows(LangChain4jException.class, () -> model.score("unreadable", "q"));
    assertEquals("the model \"longest\" cannot read", failed.getMessage());
    assertTrue(failed.getCause() instanceof EmbeddingException);
  }
}
