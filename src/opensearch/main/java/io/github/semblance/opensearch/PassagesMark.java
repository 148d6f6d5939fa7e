package io.github.semblance.opensearch;

import io.github.semblance.index.IndexSchema;
import io.github.semblance.index.PassageEmbedder.TitledText;
import java.util.Map;
import org.apache.lucene.document.NumericDocValuesField;
import org.opensearch.common.xcontent.XContentHelper;
import org.opensearch.index.mapper.ParseContext;
import org.opensearch.index.mapper.SourceToParse;

/**
 * Marks a document as the parent of passages and counts them while it is parsed, and tells whether
 * they are of the text that it has now. For one thread.
 */
final class PassagesMark extends NumericDocValuesField {
  private final TextFields fields;
  private final String hash;
  private final int textLength;

  private PassagesMark(TextFields fields, TitledText text) {
    super(IndexSchema.PASSAGES, 0);
    this.fields = fields;
    this.hash = TextFields.hash(text);
    this.textLength = text.text().length();
  }

  /** The mark of the document that is parsed, with one more passage. */
  static PassagesMark count(ParseContext context, IngestedVector vector) {
    PassagesMark mark;
    if (context.rootDoc().getField(IndexSchema.PASSAGES) instanceof PassagesMark known
        && known.fields.equals(vector.fields())) {
      mark = known;
    } else if (context.rootDoc().getField(IndexSchema.PASSAGES) != null) {
      throw new IllegalArgumentException(
          "all passages of a document must be of the same text_fields and title_field, got: "
              + vector.fields());
    } else {
      SourceToParse source = context.sourceToParse();
      Map<String, Object> document =
          XContentHelper.convertToMap(source.source(), false, source.getMediaType()).v2();
      mark = new PassagesMark(vector.fields(), vector.fields().read(document));
      context.rootDoc().add(mark);
    }
    mark.setLongValue(mark.numericValue().longValue() + 1);
    return mark;
  }

  /**
   * Refuses a passage of another text: an update in a bulk request changes the text without the
   * pipeline, and keeps the passages.
   */
  void requireSameText(IngestedVector vector, SourceToParse source) {
    if (!hash.equals(vector.hash())) {
      throw new IllegalArgumentException(
          "the fields "
              + fields.texts()
              + " or the title ["
              + fields.title()
              + "] of document ["
              + source.id()
              + "] have changed, and its passages are of the text before; update it outside of _bulk"
              + " (_update), or index the whole document, so that the pipeline embeds it");
    }
    if (vector.passage().end() > textLength) {
      throw new IllegalArgumentException(
          "a passage must end within the text of "
              + textLength
              + " characters, got: "
              + vector.passage().end());
    }
  }
}
