package io.github.semblance.opensearch;

import io.github.semblance.search.Hit;
import io.github.semblance.search.PassageMatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.lucene.search.highlight.Encoder;
import org.apache.lucene.search.highlight.InvalidTokenOffsetsException;
import org.apache.lucene.search.highlight.NullFragmenter;
import org.apache.lucene.search.highlight.QueryTermScorer;
import org.apache.lucene.search.highlight.SimpleHTMLFormatter;
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
          fragments.add(new Text(mark(hit, query, options, closest.text())));
        }
      }
    }
    return fragments.isEmpty()
        ? null
        : new HighlightField(hit.fieldName, fragments.toArray(Text[]::new));
  }

  /** Marks the query's words, whichever field they are asked of. */
  private static String mark(
      FieldHighlightContext hit, ShardQuery query, FieldOptions options, String sentence)
      throws IOException {
    Encoder encoder =
        "html".equals(options.encoder())
            ? HighlightUtils.Encoders.HTML
            : HighlightUtils.Encoders.DEFAULT;
    org.apache.lucene.search.highlight.Highlighter words =
        new org.apache.lucene.search.highlight.Highlighter(
            new SimpleHTMLFormatter(options.preTags()[0], options.postTags()[0]),
            encoder,
            new QueryTermScorer(query));
    words.setTextFragmenter(new NullFragmenter());
    try {
      String marked =
          words.getBestFragment(
              hit.context.mapperService().indexAnalyzer(), hit.fieldName, sentence);
      return marked == null ? encoder.encodeText(sentence) : marked;
    } catch (InvalidTokenOffsetsException e) {
      throw new IOException("the analyzer has wrong offsets in: " + sentence, e);
    }
  }
}
