package io.github.semblance.index;

import java.io.IOException;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.FilterCodec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;
import org.jspecify.annotations.Nullable;

/**
 * A codec, such as Lucene's default one, with a vector format of choice. It writes under that
 * codec's own name and each field records its format's name, so Lucene 10.4 or newer reads the
 * index without this class. Stateless.
 *
 * <p>A merge builds its graph on one thread, so that the same segments make the same graph;
 * Lucene's merge scheduler bounds how many merges run at once.
 */
public final class VectorCodec {
  private static final String PLAIN = new Lucene99HnswVectorsFormat().getName();

  private VectorCodec() {}

  static Codec of(IndexSettings settings) {
    return over(Codec.getDefault(), format(settings));
  }

  /** A host's own codec with vectors kept this way, under the host's name for it. */
  public static Codec over(Codec base, Quantization quantization) {
    return over(base, format(IndexSettings.DEFAULT.withQuantization(quantization)));
  }

  private static Codec over(Codec base, KnnVectorsFormat format) {
    PerFieldKnnVectorsFormat perField =
        new PerFieldKnnVectorsFormat() {
          @Override
          public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
            return format;
          }
        };
    return new FilterCodec(base.getName(), base) {
      @Override
      public KnnVectorsFormat knnVectorsFormat() {
        return perField;
      }
    };
  }

  /** How a codec keeps vectors; null if it quantizes them in a way that its name does not tell. */
  static @Nullable Quantization quantization(Codec codec) {
    KnnVectorsFormat format = codec.knnVectorsFormat();
    if (format instanceof PerFieldKnnVectorsFormat perField) {
      format = perField.getKnnVectorsFormatForField(IndexSchema.VECTOR);
    }
    return isNamedQuantized(format.getName()) ? null : Quantization.NONE;
  }

  /**
   * Whether some segment of an index keeps its vectors coarser than they are for the search.
   *
   * <p>A segment names the format of its vectors, and Lucene calls those that quantize so. Of a
   * name that is neither Lucene's plain format of today nor such, the manifest tells.
   */
  public static boolean isQuantized(IndexReader reader) throws IOException {
    for (LeafReaderContext leaf : reader.leaves()) {
      FieldInfo field = leaf.reader().getFieldInfos().fieldInfo(IndexSchema.VECTOR);
      String name =
          field == null ? null : field.getAttribute(PerFieldKnnVectorsFormat.PER_FIELD_FORMAT_KEY);
      if (name != null
          && !name.equals(PLAIN)
          && (isNamedQuantized(name) || isSaidToBeQuantized(reader))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isNamedQuantized(String format) {
    return format.contains("Quantized");
  }

  private static boolean isSaidToBeQuantized(IndexReader reader) throws IOException {
    if (!(reader instanceof DirectoryReader commit)) {
      return false;
    }
    Quantization said =
        IndexManifest.of(commit.getIndexCommit().getUserData(), "the index")
            .map(IndexManifest::quantization)
            .orElse(null);
    return said != null && said != Quantization.NONE;
  }

  private static KnnVectorsFormat format(IndexSettings settings) {
    int connections = settings.maxConnections();
    int beam = settings.beamWidth();
    return switch (settings.quantization()) {
      case NONE -> new Lucene99HnswVectorsFormat(connections, beam);
      case INT8 -> quantized(ScalarEncoding.UNSIGNED_BYTE, connections, beam);
      case INT4 -> quantized(ScalarEncoding.PACKED_NIBBLE, connections, beam);
      case BINARY -> quantized(ScalarEncoding.SINGLE_BIT_QUERY_NIBBLE, connections, beam);
    };
  }

  private static KnnVectorsFormat quantized(ScalarEncoding encoding, int connections, int beam) {
    return new Lucene104HnswScalarQuantizedVectorsFormat(encoding, connections, beam);
  }
}
