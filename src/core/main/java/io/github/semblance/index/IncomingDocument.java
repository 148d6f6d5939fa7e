package io.github.semblance.index;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.lucene.document.Document;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * A document on its way into the index, whoever made its fields. Immutable.
 *
 * @param title what each of its passages begins with; may be empty
 * @param text what is cut to passages; a document without title and text has none
 * @param outline where passages end in any case
 * @param contentHash equal for documents that the index would keep alike; null if that cannot be
 *     told
 * @param fields makes the parent of the block, without the fields that {@link IndexSchema#block}
 *     adds; throws {@code IllegalArgumentException} if the document cannot be indexed
 */
record IncomingDocument(
    String id,
    String title,
    String text,
    Outline outline,
    @Nullable BytesRef contentHash,
    Supplier<Document> fields) {

  static IncomingDocument of(SourceDocument source) {
    return new IncomingDocument(
        source.id(),
        source.title(),
        source.text(),
        source.outline(),
        hash(source),
        () -> IndexSchema.parent(source));
  }

  static IncomingDocument of(Document document, DocumentFields names) {
    String title = names.title(document);
    String text = names.text(document);
    return new IncomingDocument(
        names.id(document),
        title,
        text,
        Outline.NONE,
        null,
        () -> IndexSchema.parent(document, title, text));
  }

  static IncomingDocument of(EmbeddedDocument document) {
    String text = document.text() == null ? "" : document.text();
    return new IncomingDocument(
        document.id(), "", text, Outline.NONE, null, () -> IndexSchema.parent(document));
  }

  IncomingDocument withContentHash(@Nullable BytesRef hash) {
    return new IncomingDocument(id, title, text, outline, hash, fields);
  }

  private static BytesRef hash(SourceDocument source) {
    ContentHash hash = new ContentHash().add(source.title()).add(source.text());
    for (Map.Entry<String, List<String>> keyword : source.keywords().entrySet()) {
      // With their number, so that a value is not taken for the next field.
      hash.add(keyword.getKey()).add(Integer.toString(keyword.getValue().size()));
      keyword.getValue().forEach(hash::add);
    }
    if (!source.outline().isEmpty()) {
      hash.add(source.outline().toString());
    }
    return hash.toBytes();
  }
}
