package io.github.semblance.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.scoring.ScoringModel;
import io.github.semblance.embed.PassageScorer;
import io.github.semblance.embed.Relevance;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * LangChain4j's scoring model on a {@link PassageScorer}, such as a cross-encoder in this JVM. Safe
 * for use by many threads; the scorer remains the caller's to close.
 *
 * <p>A score is the model's probability, from 0 to 1, that a segment answers the query: the
 * logistic function of its logit, in the order of the logits. It depends on the query and the
 * segment alone. Token usage is not told: it is null.
 *
 * <p>Give many segments at once; they are scored by all threads, without padding. Query and segment
 * that are longer than the model's window are cut to it, which is logged as a warning.
 */
public final class SemblanceScoringModel implements ScoringModel {
  private static final Logger LOG = LoggerFactory.getLogger(SemblanceScoringModel.class);

  private final PassageScorer scorer;

  private SemblanceScoringModel(PassageScorer scorer) {
    this.scorer = scorer;
  }

  /** A model on a scorer. */
  public static SemblanceScoringModel of(PassageScorer scorer) {
    return new SemblanceScoringModel(scorer);
  }

  /** What scores. */
  public PassageScorer scorer() {
    return scorer;
  }

  /**
   * Scores segments.
   *
   * @return one score per segment, in the order given; none of none
   * @throws InvalidRequestException if the query is blank
   * @throws dev.langchain4j.exception.LangChain4jException if the model fails or is closed
   */
  @Override
  public Response<List<Double>> scoreAll(List<TextSegment> segments, String query) {
    if (query.isBlank()) {
      throw new InvalidRequestException("the query must not be blank, got: \"" + query + "\"");
    }
    if (segments.isEmpty()) {
      return Response.from(List.of());
    }
    List<Relevance> relevances =
        Translated.call(
            () -> scorer.score(query, segments.stream().map(TextSegment::text).toList()));
    List<Double> scores = new ArrayList<>(relevances.size());
    int cut = 0;
    for (Relevance relevance : relevances) {
      scores.add(relevance.probability());
      cut += relevance.droppedTokens() > 0 ? 1 : 0;
    }
    if (cut > 0) {
      LOG.warn(
          "the window of {} does not hold the query and the whole segment in {} of {} cases; split"
              + " into shorter segments",
          scorer.name(),
          cut,
          relevances.size());
    }
    return Response.from(scores);
  }
}
