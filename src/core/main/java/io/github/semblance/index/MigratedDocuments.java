package io.github.semblance.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.FilterLeafReader;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.index.KnnVectorValues.DocIndexIterator;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SegmentCommitInfo;
import org.apache.lucene.index.SegmentReader;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * The documents of a commit as they came to it, to be embedded by another model. For one thread.
 *
 * <p>Each kind is proven before it is believed: a {@link SourceDocument} by the hash of all that
 * came with it, an {@link EmbeddedDocument} by the hash of its vector, and the document of an
 * application by its terms, see {@link StoredDocuments}.
 */
final class MigratedDocuments {
  private final DirectoryReader reader;
  private final IndexManifest manifest;
  private final Analyzer analyzer;
  private final Adoption.@Nullable DocumentSource source;

  MigratedDocuments(
      DirectoryReader reader,
      IndexManifest manifest,
      Analyzer analyzer,
      Adoption.@Nullable DocumentSource source) {
    this.reader = reader;
    this.manifest = manifest;
    this.analyzer = analyzer;
    this.source = source;
  }

  /** Where documents go. */
  @FunctionalInterface
  interface Sink {
    void accept(IncomingDocument document) throws IOException;
  }

  /** How many documents there are. */
  long count() throws IOException {
    return new IndexSearcher(reader).count(IndexSchema.parents().getQuery());
  }

  /**
   * Refuses an index of which some document would be lost.
   *
   * @throws IllegalArgumentException saying which, why, and what to do
   */
  void requireBlocks() throws IOException {
    int others = new IndexSearcher(reader).count(IndexSchema.withoutBlock());
    if (others > 0) {
      throw new IllegalArgumentException(
          "the index holds "
              + others
              + " documents without passages, which another program has added; adopt them first,"
              + " see SemanticIndexWriter.adopt and the command adopt, or delete them");
    }
  }

  /**
   * Makes each document again, in the order of the index.
   *
   * @throws IllegalArgumentException if one cannot be, saying which and why
   */
  void forEach(Sink sink) throws IOException {
    for (LeafReaderContext context : reader.leaves()) {
      LeafReader leaf = context.reader();
      StoredDocuments stored = source == null ? new StoredDocuments(leaf, analyzer) : null;
      Bits live = leaf.getLiveDocs();
      DocIdSetIterator parents = DocValues.getNumeric(leaf, IndexSchema.PASSAGES);
      for (int doc = parents.nextDoc();
          doc != DocIdSetIterator.NO_MORE_DOCS;
          doc = parents.nextDoc()) {
        if (live == null || live.get(doc)) {
          sink.accept(document(context, doc, stored));
        }
      }
    }
  }

  private IncomingDocument document(
      LeafReaderContext context, int doc, @Nullable StoredDocuments stored) throws IOException {
    Document fields = context.reader().storedFields().document(doc);
    String id = fields.get(manifest.fields().id());
    try {
      if (id == null) {
        throw new IllegalArgumentException(
            "its id, field \"" + manifest.fields().id() + "\", is not stored");
      }
      IncomingDocument known = known(context, doc, id, fields);
      return known == null ? own(context, doc, id, stored) : known;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "document "
              + (id == null ? "number " + (context.docBase + doc) : "\"" + id + "\"")
              + " cannot be embedded by another model: "
              + e.getMessage(),
          e);
    }
  }

  /** A document of a class of ours; null if it is an application's own. */
  private @Nullable IncomingDocument known(
      LeafReaderContext context, int doc, String id, Document fields) throws IOException {
    if (!manifest.fields().equals(IndexSchema.FIELDS)) {
      return null;
    }
    BytesRef content = value(context.reader(), IndexSchema.CONTENT, doc);
    IncomingDocument plain =
        content == null ? null : plain(id, fields, Outline.read(context.reader(), doc));
    if (plain != null && plain.contentHash() != null && plain.contentHash().equals(content)) {
      return plain;
    }
    float[] vector = firstVector(context, doc);
    if (vector == null) {
      return null;
    }
    boolean came =
        GivenVectors.hash(manifest.model(), vector)
            .equals(value(context.reader(), IndexSchema.EMBEDDED, doc));
    IncomingDocument embedded = came || content != null ? embedded(id, fields, vector) : null;
    if (embedded == null || !(came || Objects.equals(embedded.contentHash(), content))) {
      return null;
    }
    if (embedded.text().isBlank()) {
      throw new IllegalArgumentException(
          "it came with a vector and without a text; delete it, or add it to a new index with a"
              + " vector of the new model");
    }
    return embedded;
  }

  private static @Nullable IncomingDocument plain(String id, Document fields, Outline outline) {
    String title = fields.get(IndexSchema.TITLE);
    String text = fields.get(IndexSchema.TEXT);
    if (title == null || text == null) {
      return null;
    }
    Map<String, List<String>> keywords = new LinkedHashMap<>();
    for (IndexableField field : fields) {
      String key = MetadataFields.key(field.name()); // null for title, text and id
      if (key != null && field.stringValue() != null) {
        keywords.computeIfAbsent(key, none -> new ArrayList<>()).add(field.stringValue());
      }
    }
    return IncomingDocument.of(new SourceDocument(id, title, text, keywords, outline));
  }

  /** With a hash by which the next change of the model knows its class. */
  private static IncomingDocument embedded(String id, Document fields, float[] vector) {
    Map<String, Object> metadata = MetadataFields.read(fields);
    EmbeddedDocument document =
        new EmbeddedDocument(id, fields.get(IndexSchema.TEXT), metadata, vector);
    IncomingDocument incoming = IncomingDocument.of(document);
    ContentHash hash = new ContentHash().add("given").add(incoming.text());
    metadata.forEach(
        (key, value) -> hash.add(key).add(value.getClass().getName()).add(value.toString()));
    return incoming.withContentHash(hash.toBytes());
  }

  private IncomingDocument own(
      LeafReaderContext context, int doc, String id, @Nullable StoredDocuments stored)
      throws IOException {
    if (stored != null) {
      return IncomingDocument.of(stored.document(doc), manifest.fields())
          .withContentHash(origin(context.reader(), doc));
    }
    Document given = source == null ? null : source.document(id);
    if (given == null) {
      throw new IllegalArgumentException(
          "the source has it no more; delete it from the index first");
    }
    IncomingDocument incoming = IncomingDocument.of(given, manifest.fields());
    if (!incoming.id().equals(id)) {
      throw new IllegalArgumentException(
          "the source gave a document of another id, got: \"" + incoming.id() + "\"");
    }
    return incoming;
  }

  /** Names one state of a document: where it stands in a segment, which Lucene writes once. */
  private static @Nullable BytesRef origin(LeafReader leaf, int doc) {
    if (!(FilterLeafReader.unwrap(leaf) instanceof SegmentReader segment)) {
      return null;
    }
    SegmentCommitInfo info = segment.getSegmentInfo();
    return new ContentHash()
        .add(new BytesRef(info.info.getId()).toString())
        .add(info.getDocValuesGen() + " " + doc)
        .toBytes();
  }

  private static @Nullable BytesRef value(LeafReader leaf, String field, int doc)
      throws IOException {
    BinaryDocValues values = DocValues.getBinary(leaf, field);
    return values.advanceExact(doc) ? BytesRef.deepCopyOf(values.binaryValue()) : null;
  }

  /** The vector of a document's first passage; null if it has none. */
  private static float @Nullable [] firstVector(LeafReaderContext context, int doc)
      throws IOException {
    FloatVectorValues vectors = context.reader().getFloatVectorValues(IndexSchema.VECTOR);
    if (vectors == null) {
      return null;
    }
    SegmentBlocks blocks = SegmentBlocks.of(context);
    DocIndexIterator passages = vectors.iterator();
    for (int passage = passages.advance(blocks.firstChild(doc));
        passage < doc;
        passage = passages.nextDoc()) {
      if (blocks.parent(passage) == doc) {
        return vectors.vectorValue(passages.index()).clone();
      }
    }
    return null;
  }
}
