package io.github.semblance.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.index.KnnVectorValues.DocIndexIterator;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.util.Bits;

/**
 * All that an index keeps of a document, to be compared.
 *
 * @param stored the stored fields, as {@code name=value}
 * @param passages where they stand, and their vectors, as text
 */
public record BlockDump(List<String> stored, List<String> passages) {

  /** The value of a stored field; empty if there is none. */
  public String value(String field) {
    return stored.stream()
        .filter(value -> value.startsWith(field + "="))
        .findFirst()
        .map(value -> value.substring(field.length() + 1))
        .orElse("");
  }

  /** The value of the field {@code id}. */
  public String id() {
    return value(IndexSchema.ID);
  }

  /**
   * The live blocks in the order of the index.
   *
   * @throws AssertionError if one is not whole
   */
  public static List<BlockDump> of(DirectoryReader reader) throws IOException {
    List<BlockDump> blocks = new ArrayList<>();
    for (LeafReaderContext leaf : reader.leaves()) {
      addLeaf(leaf.reader(), blocks);
    }
    return blocks;
  }

  private static void addLeaf(LeafReader leaf, List<BlockDump> blocks) throws IOException {
    Bits live = leaf.getLiveDocs();
    NumericDocValues counts = leaf.getNumericDocValues(IndexSchema.PASSAGES);
    NumericDocValues starts = leaf.getNumericDocValues(IndexSchema.PASSAGE_START);
    NumericDocValues ends = leaf.getNumericDocValues(IndexSchema.PASSAGE_END);
    FloatVectorValues vectors = leaf.getFloatVectorValues(IndexSchema.VECTOR);
    DocIndexIterator children = vectors == null ? null : vectors.iterator();
    List<String> passages = new ArrayList<>();
    for (int doc = 0; doc < leaf.maxDoc(); doc++) {
      boolean alive = live == null || live.get(doc);
      if (starts != null && starts.advanceExact(doc)) {
        if (alive) {
          if (children == null || children.advance(doc) != doc || !ends.advanceExact(doc)) {
            throw new AssertionError("passage " + doc + " is not whole");
          }
          passages.add(
              starts.longValue()
                  + "-"
                  + ends.longValue()
                  + Arrays.toString(vectors.vectorValue(children.index())));
        }
      } else if (counts != null && counts.advanceExact(doc)) {
        if (passages.size() != (alive ? counts.longValue() : 0)) {
          throw new AssertionError(
              "document " + doc + " of " + counts.longValue() + " has " + passages.size());
        }
        if (alive) {
          List<String> stored = new ArrayList<>();
          for (IndexableField field : leaf.storedFields().document(doc)) {
            stored.add(field.name() + "=" + field.stringValue());
          }
          blocks.add(new BlockDump(stored, List.copyOf(passages)));
        }
        passages.clear();
      } else if (alive && !passages.isEmpty()) {
        throw new AssertionError("a foreign document stands within a block");
      }
    }
    if (!passages.isEmpty()) {
      throw new AssertionError("passages without their document");
    }
  }
}
