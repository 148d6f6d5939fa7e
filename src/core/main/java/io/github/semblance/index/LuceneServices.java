package io.github.semblance.index;

import io.github.semblance.embed.ServiceFiles;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.DocValuesFormat;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.PostingsFormat;

/** Checks that Lucene finds by name what our indexes are written with. */
final class LuceneServices {
  private static final String CODECS = "org.apache.lucene.codecs.";

  /** The formats of {@link VectorCodec} and of the default codec below it. */
  private static final Map<Class<?>, String> PROVIDERS =
      Map.of(
          Codec.class, CODECS + "lucene104.Lucene104Codec",
          PostingsFormat.class, CODECS + "lucene104.Lucene104PostingsFormat",
          DocValuesFormat.class, CODECS + "lucene90.Lucene90DocValuesFormat",
          KnnVectorsFormat.class, CODECS + "lucene99.Lucene99HnswVectorsFormat");

  /** Looked for once: a class path does not change. */
  private static final Optional<String> ADVICE =
      PROVIDERS.entrySet().stream()
          .map(provider -> ServiceFiles.advice(provider.getKey(), provider.getValue()))
          .flatMap(Optional::stream)
          .findFirst();

  private LuceneServices() {}

  /**
   * Refuses to go on where an index could be written and not be read.
   *
   * @throws IndexOpenException saying how the jar was made and how to make it
   */
  static void require() throws IndexOpenException {
    if (ADVICE.isPresent()) {
      throw new IndexOpenException("Lucene cannot find its own formats: " + ADVICE.get());
    }
  }
}
