package io.github.semblance.opensearch;

import io.github.semblance.search.Hit;
import io.github.semblance.search.PassageMatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;
import org.apache.lucene.analysis.tokenattributes.TermToBytesRefAttribute;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.highlight.Encoder;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;
import org.opensearch.core.common.text.Text;
import org.opensearch.index.mapper.MappedFieldType;
import org.opensearch.search.fetch.subphase.highlight.FieldHighlightContext;
import org.opensearch.search.fetch.subphase.highlight.HighlightField;
import org.opensearch.search.fetch.subphase.highlight.HighlightUtils;
import org.opensearch.search.fetch.subphase.highlight.Highlighter;
import org.opensearch.search.fetch.subphase.highlight.SearchHighlightContext.FieldOptions;

/**
 * The highlighter {@code semblance}: of each of a hit's closest passages, the sentence that is
 * closest in meaning to the first {@code semblance} or {@code semantic} of the query, with the
 * query's words in it marked. {@code number_of_fragments} is how many passages, at least 1. The
 * sentences are embedded on the node of the shard. Thread-safe.
 */
final class SentencesOfHits implements Highlighter {
  static final String NAME = "semblance";

  private final NodeModels models;

  SentencesOfHits(NodeModels models) {
    this.models = models;
  }

  @Override
  public boolean canHighlight(MappedFieldType field) {
    return true;
  }

  @Override
  public @Nullable HighlightField highlight(FieldHighlightContext hit) throws IOException {
    ShardQuery query = ShardQuery.firstIn(hit.context.query());
    if (query == null
        || !(hit.context.mapperService().fieldType(query.field())
            instanceof VectorFieldMapper.VectorFieldType vectors)) {
      return null;
    }
    Map<String, Object> source = hit.hitContext.sourceLookup().loadSourceIfNeeded();
    TextFields fields = TextFields.of(source, query.field());
    if (fields == null || !fields.texts().contains(hit.fieldName)) {
      return null; // what was not embedded has no closest sentence
    }
    FieldOptions options = hit.field.fieldOptions();
    TextFields.Part part = fields.part(source, hit.fieldName);
    int doc = hit.hitContext.readerContext().docBase + hit.hitContext.docId();
    int most = Math.max(1, options.numberOfFragments());
    Marker marker = new Marker(hit, query, options);
    List<Text> fragments = new ArrayList<>();
    for (PassageMatch passage : query.passages(hit.context.searcher(), doc, most)) {
      int from = Math.max(0, passage.start() - part.start());
      int to = Math.min(part.text().length(), passage.end() - part.start());
      if (from < to) {
        Hit.PassageText text = new Hit.PassageText(part.text().substring(from, to), from, to);
        Hit.PassageText closest =
            models
                .models()
                .with(vectors.model(), loaded -> loaded.sentences().in(query.vector(), text));
        if (closest != null) {
          fragments.add(new Text(marker.mark(closest.text())));
        }
      }
    }
    return fragments.isEmpty()
        ? null
        : new HighlightField(hit.fieldName, fragments.toArray(Text[]::new));
  }

  /** Marks a query's words, whichever field they are asked of. */
  private static final class Marker {
    private final Set<BytesRef> terms = new HashSet<>();
    private final String field;
    private final Analyzer analyzer;
    private final Encoder encoder;
    private final String before;
    private final String after;

    Marker(FieldHighlightContext hit, Query query, FieldOptions options) {
      field = hit.fieldName;
      analyzer = hit.context.mapperService().indexAnalyzer();
      encoder =
          "html".equals(options.encoder())
              ? HighlightUtils.Encoders.HTML
              : HighlightUtils.Encoders.DEFAULT;
      before = options.preTags()[0];
      after = options.postTags()[0];
      query.visit(
          new QueryVisitor() {
            @Override
            public void consumeTerms(Query leaf, Term... all) {
              Arrays.stream(all).map(Term::bytes).forEach(terms::add);
            }
          });
    }

    String mark(String sentence) throws IOException {
      StringBuilder marked = new StringBuilder();
      int done = 0;
      try (TokenStream tokens = analyzer.tokenStream(field, sentence)) {
        TermToBytesRefAttribute term = tokens.addAttribute(TermToBytesRefAttribute.class);
        OffsetAttribute offset = tokens.addAttribute(OffsetAttribute.class);
        tokens.reset();
        while (tokens.incrementToken()) {
          // Analyzers may give overlapping terms.
          if (offset.startOffset() >= done && terms.contains(term.getBytesRef())) {
            marked
                .append(encoder.encodeText(sentence.substring(done, offset.startOffset())))
                .append(before)
                .append(
                    encoder.encodeText(
                        sentence.substring(offset.startOffset(), offset.endOffset())))
                .append(after);
            done = offset.endOffset();
          }
        }
        tokens.end();
      }
      return marked.append(encoder.encodeText(sentence.substring(done))).toString();
    }
  }
}
