package io.github.semblance.index;

import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.FilterCodec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;

/**
 * A codec, such as Lucene's default one, with a vector format of choice. It writes under that
 * codec's own name and each field records its format's name, so Lucene 10.4 or newer reads the
 * index without this class. Stateless.
 *
 * <p>A merge builds its graph on one thread, so that the same segments make the same graph;
 * Lucene's merge scheduler bounds how many merges run at once.
 */
public final class VectorCodec {
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
