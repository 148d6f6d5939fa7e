package io.github.semblance.search;

import io.github.semblance.embed.Relevance;
import io.github.semblance.index.DocumentFields;
import io.github.semblance.index.Outline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.IndexSearcher;
import org.jspecify.annotations.Nullable;

/**
 * Reads the best of a ranking again, see {@link Rerank}. For one search.
 *
 * <p>Passages are scored in groups, between which it looks whether the search is to end. With a
 * time limit, be it the reranking's budget or the search's own, a few are scored to learn the pace,
 * then each time as many as should fill half of the time left, so that the end is near the limit
 * and seldom beyond.
 */
final class RerankStep {
  /** The first group: enough to keep a few threads busy. */
  private static final int FIRST_GROUP = 4;

  /** The largest group: more at once are no faster, and a search would end late. */
  private static final int LARGEST_GROUP = 32;

  private final Rerank rerank;
  private final IndexSearcher searcher;
  private final DocumentFields fields;
  private final Deadline deadline;

  /**
   * Prepares for one search.
   *
   * @param deadline of that search, of which it is told when there is no time for all passages
   */
  RerankStep(Rerank rerank, IndexSearcher searcher, DocumentFields fields, Deadline deadline) {
    this.rerank = rerank;
    this.searcher = searcher;
    this.fields = fields;
    this.deadline = deadline;
  }

  /** The answer with a new ranking, and what was done. */
  Answer apply(String query, Answer answer) throws IOException {
    Ranking ranking = answer.ranking();
    List<Ranking.Ranked> before = ranking.best();
    List<Relevance> scores = scores(query, before);
    int[] ranks = ranks(scores);
    List<Ranking.Ranked> after = new ArrayList<>(before.size());
    for (int i = 0; i < before.size(); i++) {
      Ranking.Ranked found = before.get(i);
      double share = (1 - Rerank.WEIGHT) * found.score();
      Hit.Leg leg = null;
      if (i < scores.size()) {
        leg = new Hit.Leg(ranks[i], scores.get(i).logit());
        share += Rerank.WEIGHT * scores.get(i).probability();
      }
      after.add(found.reranked((float) share, leg));
    }
    // Stable: equal scores stay in the order of the search.
    after.sort(Comparator.comparingDouble(Ranking.Ranked::score).reversed());
    int cut = (int) scores.stream().filter(score -> score.droppedTokens() > 0).count();
    return answer.reranked(
        ranking.inOrder(after),
        new Reranking(Math.min(rerank.depth(), before.size()), scores.size(), cut));
  }

  private List<Relevance> scores(String query, List<Ranking.Ranked> ranked) throws IOException {
    int depth = Math.min(rerank.depth(), ranked.size());
    long start = deadline.spent();
    List<Relevance> scores = new ArrayList<>(depth);
    StoredFields stored = searcher.storedFields();
    while (scores.size() < depth) {
      int group = Math.min(group(scores.size(), start), depth - scores.size());
      if (group == 0) {
        break;
      }
      List<String> passages = new ArrayList<>(group);
      for (Ranking.Ranked found : ranked.subList(scores.size(), scores.size() + group)) {
        passages.add(passage(stored.document(found.doc()), found));
      }
      scores.addAll(rerank.scorer().score(query, passages));
    }
    return scores;
  }

  /** How many passages to score next; 0 when time is up. */
  private int group(int done, long start) {
    if (deadline.shouldExit()) {
      return 0;
    }
    long spent = Math.max(1, deadline.spent() - start);
    long ofSearch = deadline.left();
    Duration budget = rerank.budget();
    long left = budget == null ? ofSearch : Math.min(ofSearch, Deadline.nanos(budget) - spent);
    if (left == Long.MAX_VALUE) {
      return LARGEST_GROUP;
    }
    if (done == 0) {
      return FIRST_GROUP;
    }
    double pace = (double) spent / done;
    double fit = left / pace;
    if (fit >= 1) {
      return (int) Math.clamp(fit / 2, 1, LARGEST_GROUP);
    }
    if (left == ofSearch) {
      deadline.pass();
    }
    return 0;
  }

  /** Put together as it was embedded; the whole text of a document that has no vector. */
  private String passage(Document document, Ranking.Ranked found) throws IOException {
    String text = fields.text(document);
    List<String> headings = List.of();
    if (found.passage() >= 0) {
      Outline outline = HitReader.outline(searcher, found.doc());
      Hit.PassageText passage = HitReader.passage(searcher, found.passage(), text, outline);
      if (passage.end() > text.length()) {
        throw new SearchRequestException(
            "reranking reads the passages, and the index does not store the text of document \""
                + document.get(fields.id())
                + "\": store the fields "
                + fields.text());
      }
      text = passage.text();
      headings = passage.place().headings();
    }
    String beginning = Outline.beginning(fields.title(document).strip(), headings);
    return beginning.isEmpty() ? text : text.isBlank() ? beginning : beginning + " " + text;
  }

  /** The place of each score among all, 1 for the best. */
  private static int[] ranks(List<Relevance> scores) {
    int[] ranks = new int[scores.size()];
    List<Integer> order =
        IntStream.range(0, ranks.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -scores.get(i).logit()))
            .toList();
    for (int place = 0; place < ranks.length; place++) {
      ranks[order.get(place)] = place + 1;
    }
    return ranks;
  }

  /** How a reranked score came about. */
  static Explanation explain(Explanation hybrid, float score, Hit.@Nullable Leg leg) {
    Explanation mine =
        Explanation.match(
            (float) ((1 - Rerank.WEIGHT) * hybrid.getValue().doubleValue()),
            "search, times " + (1 - Rerank.WEIGHT),
            hybrid);
    if (leg == null) {
      return Explanation.match(score, "reranked, of which the passage was not read:", mine);
    }
    return Explanation.match(
        score,
        "reranked, sum of:",
        mine,
        Explanation.match(
            (float) (Rerank.WEIGHT * new Relevance(leg.score(), 0).probability()),
            "sigmoid of the passage's logit, times " + Rerank.WEIGHT,
            Explanation.match(leg.score(), "logit of the query with the passage")));
  }
}
