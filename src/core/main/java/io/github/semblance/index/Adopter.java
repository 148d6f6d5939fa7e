package io.github.semblance.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.FieldInfos;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.BitSetIterator;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.FixedBitSet;
import org.jspecify.annotations.Nullable;

/** Gives the documents of an index that have no passages theirs. For one thread, once. */
final class Adopter {
  private final IndexWriter writer;
  private final SemanticIndexWriter semantic;
  private final DocumentFields fields;
  private final FailureHandler failureHandler;
  private final Adoption how;
  private final IndexStatistics begin;
  private long documents;
  private long before;
  private long missing;
  private long refused;

  Adopter(
      IndexWriter writer,
      SemanticIndexWriter semantic,
      DocumentFields fields,
      FailureHandler failureHandler,
      Adoption how) {
    this.writer = writer;
    this.semantic = semantic;
    this.fields = fields;
    this.failureHandler = failureHandler;
    this.how = how;
    this.begin = semantic.statistics();
  }

  /**
   * Documents of a segment that lack passages.
   *
   * @param stored makes them again; null if the application does
   */
  private record Lacking(
      LeafReaderContext leaf, FixedBitSet docs, @Nullable StoredDocuments stored) {

    DocIdSetIterator iterator() {
      return new BitSetIterator(docs, docs.cardinality());
    }
  }

  AdoptionSummary run() throws IOException {
    // What is written meanwhile is not in this view: each document is met once.
    try (DirectoryReader reader = DirectoryReader.open(writer)) {
      List<Lacking> segments = new ArrayList<>();
      for (LeafReaderContext leaf : reader.leaves()) {
        FixedBitSet docs = lacking(leaf);
        int found = docs.cardinality();
        if (found > 0) {
          StoredDocuments stored =
              how.source() == null
                  ? new StoredDocuments(leaf.reader(), writer.getConfig().getAnalyzer())
                  : null;
          segments.add(new Lacking(leaf, docs, stored));
          documents += found;
        }
      }
      if (documents > 0) {
        requireId(reader);
        for (Lacking segment : segments) {
          check(segment);
        }
        adopt(reader, segments);
      }
    }
    if (!how.isDryRun()) {
      semantic.commit();
    }
    how.progress().done(documents, documents);
    IndexStatistics end = semantic.statistics();
    return new AdoptionSummary(
        documents,
        written(end) - written(begin),
        end.passages() - begin.passages(),
        missing,
        refused + end.failed() - begin.failed(),
        before);
  }

  private static long written(IndexStatistics statistics) {
    return statistics.documents() + statistics.duplicates();
  }

  /** The live documents with no passages of their own, or fewer than they were written with. */
  private FixedBitSet lacking(LeafReaderContext leaf) throws IOException {
    SegmentBlocks blocks = SegmentBlocks.of(leaf);
    int maxDoc = leaf.reader().maxDoc();
    int[] owned = new int[maxDoc];
    boolean[] isPassage = new boolean[maxDoc];
    NumericDocValues passages = DocValues.getNumeric(leaf.reader(), IndexSchema.PASSAGE_START);
    for (int doc = passages.nextDoc();
        doc != DocIdSetIterator.NO_MORE_DOCS;
        doc = passages.nextDoc()) {
      isPassage[doc] = true;
      int parent = blocks.parent(doc);
      if (parent >= 0) {
        owned[parent]++;
      }
    }
    NumericDocValues counts = DocValues.getNumeric(leaf.reader(), IndexSchema.PASSAGES);
    Bits live = leaf.reader().getLiveDocs();
    FixedBitSet lacking = new FixedBitSet(maxDoc);
    for (int doc = 0; doc < maxDoc; doc++) {
      if ((live == null || live.get(doc)) && !isPassage[doc]) {
        if (counts.advanceExact(doc) && counts.longValue() == owned[doc]) {
          before++;
        } else {
          lacking.set(doc);
        }
      }
    }
    return lacking;
  }

  /** A document can be replaced only if its id finds it. */
  private void requireId(DirectoryReader reader) {
    if (!DocumentIdQuery.isOneTerm(FieldInfos.getMergedFieldInfos(reader).fieldInfo(fields.id()))) {
      throw new IllegalArgumentException(
          "field \""
              + fields.id()
              + "\" must be indexed as one term, as StringField and KeywordField do, so that the"
              + " documents of this index can be replaced by their ids");
    }
  }

  /** Makes each document once for nothing, so that nothing is written if one cannot be made. */
  private static void check(Lacking segment) throws IOException {
    if (segment.stored() != null) {
      DocIdSetIterator docs = segment.iterator();
      while (docs.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
        segment.stored().document(docs.docID());
      }
    }
  }

  private void adopt(DirectoryReader reader, List<Lacking> segments) throws IOException {
    long taken = 0;
    for (Lacking segment : segments) {
      DocIdSetIterator docs = segment.iterator();
      while (docs.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
        Document document = prepare(reader, segment, docs.docID());
        taken++;
        if (how.isDryRun()) {
          how.progress().done(taken, documents);
          continue;
        }
        if (document != null) {
          semantic.updateDocument(document); // throws what the handler throws of earlier ones
        }
        if (taken % how.commitEvery() == 0) {
          semantic.commit();
        }
        IndexStatistics now = semantic.statistics();
        how.progress()
            .done(
                written(now) - written(begin) + now.failed() - begin.failed() + refused + missing,
                documents);
      }
    }
  }

  /** A document as it is to be written; null if it is counted as missing or refused instead. */
  private @Nullable Document prepare(DirectoryReader reader, Lacking segment, int doc)
      throws IOException {
    String id = id(segment.leaf(), doc);
    String name = id == null ? "number " + (segment.leaf().docBase + doc) : id;
    Document document;
    try {
      if (id == null) {
        throw new IllegalArgumentException("its id, field \"" + fields.id() + "\", is not stored");
      }
      int others = count(reader, id) - 1;
      if (others > 0) {
        throw new IllegalArgumentException(
            others + " more have this id, and adding one would replace them all");
      }
      document = document(segment, doc, id);
      if (document == null) {
        missing++;
        return null;
      }
      IncomingDocument unused = IncomingDocument.of(document, fields); // or it is refused here
      return document;
    } catch (IllegalArgumentException e) {
      refused++;
      failureHandler.failed(name, e);
      return null;
    }
  }

  private @Nullable Document document(Lacking segment, int doc, String id) throws IOException {
    if (segment.stored() != null) {
      return segment.stored().document(doc);
    }
    Adoption.DocumentSource source = how.source();
    Document document = source == null ? null : source.document(id);
    if (document != null && !fields.id(document).equals(id)) {
      throw new IllegalArgumentException(
          "the source gave a document of another id, got: \"" + fields.id(document) + "\"");
    }
    return document;
  }

  private @Nullable String id(LeafReaderContext leaf, int doc) throws IOException {
    return leaf.reader().storedFields().document(doc, Set.of(fields.id())).get(fields.id());
  }

  private int count(DirectoryReader reader, String id) throws IOException {
    Term term = new Term(fields.id(), id);
    int count = 0;
    for (LeafReaderContext leaf : reader.leaves()) {
      PostingsEnum docs = leaf.reader().postings(term, PostingsEnum.NONE);
      Bits live = leaf.reader().getLiveDocs();
      while (docs != null && docs.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
        count += live == null || live.get(docs.docID()) ? 1 : 0;
      }
    }
    return count;
  }
}
