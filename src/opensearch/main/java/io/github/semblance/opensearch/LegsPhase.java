package io.github.semblance.opensearch;

import io.github.semblance.search.Candidate;
import io.github.semblance.search.PassageMatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.IndexSearcher;
import org.jspecify.annotations.Nullable;
import org.opensearch.common.document.DocumentField;
import org.opensearch.search.fetch.FetchContext;
import org.opensearch.search.fetch.FetchSubPhase;
import org.opensearch.search.fetch.FetchSubPhaseProcessor;

/**
 * Adds to each hit what the legs of the first {@code semblance} or {@code semantic} of its query
 * say of it, as the field {@code _semblance}: the exact score of each, how likely the hit answers,
 * and its closest passages. Only the hits of the page are looked at. Stateless.
 */
final class LegsPhase implements FetchSubPhase {
  static final String FIELD = "_semblance";

  @Override
  public @Nullable FetchSubPhaseProcessor getProcessor(FetchContext context) {
    ShardQuery query = ShardQuery.firstIn(context.query());
    return query != null && context.getSearchExt(LegsRequest.NAME) instanceof LegsRequest request
        ? new Processor(query, context.searcher(), request.passages())
        : null;
  }

  private static final class Processor implements FetchSubPhaseProcessor {
    private final ShardQuery query;
    private final IndexSearcher searcher;
    private final int passages;
    private int docBase;

    Processor(ShardQuery query, IndexSearcher searcher, int passages) {
      this.query = query;
      this.searcher = searcher;
      this.passages = passages;
    }

    @Override
    public void setNextReader(LeafReaderContext leaf) {
      docBase = leaf.docBase;
    }

    @Override
    public void process(HitContext hit) throws IOException {
      int doc = docBase + hit.docId();
      Map<String, Object> legs = new LinkedHashMap<>();
      Candidate scores = query.scores(searcher, doc).getFirst();
      if (query.isHybrid()) {
        legs.put("lexical", Map.of("score", scores.bm25(), "limit", scores.bm25Limit()));
      }
      Float confidence = query.confidence(searcher, doc).get(doc);
      if (confidence != null) {
        legs.put("confidence", confidence);
      }
      if (scores.passage() >= 0) {
        legs.put("semantic", Map.of("score", scores.cosine()));
        if (passages > 0) {
          legs.put("passages", passages(hit, doc));
        }
      }
      hit.hit().setDocumentField(FIELD, new DocumentField(FIELD, List.of(legs)));
    }

    private List<Map<String, Object>> passages(HitContext hit, int doc) throws IOException {
      Map<String, Object> source = hit.sourceLookup().loadSourceIfNeeded();
      TextFields fields = TextFields.of(source, query.field());
      String text = fields == null ? "" : fields.read(source).text();
      List<Map<String, Object>> all = new ArrayList<>();
      for (PassageMatch one : query.passages(searcher, doc, passages)) {
        Map<String, Object> passage = new LinkedHashMap<>();
        passage.put("start", one.start());
        passage.put("end", one.end());
        passage.put("score", one.cosine());
        if (one.end() <= text.length()) {
          passage.put("text", text.substring(one.start(), one.end()));
        }
        all.add(passage);
      }
      return all;
    }
  }
}
