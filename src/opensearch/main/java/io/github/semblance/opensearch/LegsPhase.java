package io.github.semblance.opensearch;

import io.github.semblance.index.IndexSchema;
import io.github.semblance.search.Candidate;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.jspecify.annotations.Nullable;
import org.opensearch.common.document.DocumentField;
import org.opensearch.search.fetch.FetchContext;
import org.opensearch.search.fetch.FetchSubPhase;
import org.opensearch.search.fetch.FetchSubPhaseProcessor;

/**
 * Adds to each hit what the legs of the first {@code semblance} or {@code semantic} of its query
 * say of it, as the field {@code _semblance}: the exact score of each, and where its closest
 * passage is in the text. Stateless.
 */
final class LegsPhase implements FetchSubPhase {
  static final String FIELD = "_semblance";

  @Override
  public @Nullable FetchSubPhaseProcessor getProcessor(FetchContext context) throws IOException {
    if (context.getSearchExt(LegsRequest.NAME) == null) {
      return null;
    }
    Finder finder = new Finder();
    context.query().visit(finder);
    if (finder.found == null) {
      return null;
    }
    IndexSearcher searcher = context.searcher();
    Map<Integer, Candidate> candidates = new HashMap<>();
    for (Candidate candidate : finder.found.candidates(searcher)) {
      candidates.put(candidate.doc(), candidate);
    }
    return new FetchSubPhaseProcessor() {
      private int docBase;

      @Override
      public void setNextReader(LeafReaderContext leaf) {
        docBase = leaf.docBase;
      }

      @Override
      public void process(HitContext hit) throws IOException {
        Candidate candidate = candidates.get(docBase + hit.docId());
        if (candidate != null) {
          hit.hit()
              .setDocumentField(
                  FIELD, new DocumentField(FIELD, List.of(describe(searcher, candidate))));
        }
      }
    };
  }

  private static Map<String, Object> describe(IndexSearcher searcher, Candidate candidate)
      throws IOException {
    Map<String, Object> legs = new HashMap<>();
    legs.put("lexical", Map.of("score", candidate.bm25(), "limit", candidate.bm25Limit()));
    if (candidate.passage() >= 0) {
      legs.put("semantic", Map.of("score", candidate.cosine()));
      legs.put(
          "passage",
          Map.of(
              "start", PassageOffset.of(searcher, candidate.passage(), IndexSchema.PASSAGE_START),
              "end", PassageOffset.of(searcher, candidate.passage(), IndexSchema.PASSAGE_END)));
    }
    return legs;
  }

  /** Finds the first of the plugin's queries in a query. */
  private static final class Finder extends QueryVisitor {
    private @Nullable ShardQuery found;

    @Override
    public QueryVisitor getSubVisitor(Occur occur, Query parent) {
      look(parent);
      return this;
    }

    @Override
    public void visitLeaf(Query query) {
      look(query);
    }

    private void look(Query query) {
      if (found == null && query instanceof ShardQuery ours) {
        found = ours;
      }
    }
  }
}
