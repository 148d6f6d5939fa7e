package io.github.semblance.index;

import io.github.semblance.embed.EmbeddingModel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.lucene.document.Document;
import org.apache.lucene.util.BytesRef;

/** Makes the blocks of documents that come with their vectors. Stateless. */
final class GivenVectors {
  /**
   * A document and what the index keeps of it.
   *
   * @param id that all Lucene documents of the block share
   */
  record Block(String id, List<Document> documents) {}

  private GivenVectors() {}

  /**
   * One block per document, in the order given.
   *
   * @throws IllegalArgumentException if a vector has not as many dimensions as the model, or a
   *     value is too long for a Lucene term
   */
  static List<Block> blocks(Collection<EmbeddedDocument> documents, EmbeddingModel model) {
    List<Block> blocks = new ArrayList<>(documents.size());
    for (EmbeddedDocument document : documents) {
      blocks.add(new Block(document.id(), block(document, model)));
    }
    return blocks;
  }

  private static List<Document> block(EmbeddedDocument document, EmbeddingModel model) {
    float[] vector = document.vector();
    if (vector.length != model.dimension()) {
      throw new IllegalArgumentException(
          "a vector of model \""
              + model.name()
              + "\" must have "
              + model.dimension()
              + " dimensions, got: "
              + vector.length
              + " in document \""
              + document.id()
              + "\"");
    }
    IncomingDocument incoming = IncomingDocument.of(document);
    // Never the hash of a text: a writer that embeds does not take this vector for its own.
    return IndexSchema.block(
        incoming,
        hash(model, vector),
        List.of(new PassageVector(0, incoming.text().length(), vector)));
  }

  /** Of a vector that came with its document. */
  static BytesRef hash(EmbeddingModel model, float[] vector) {
    return new ContentHash().add(model.fingerprint()).add("given").add(vector).toBytes();
  }
}
