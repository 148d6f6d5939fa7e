package io.github.semblance.opensearch;

import io.github.semblance.index.Quantization;
import io.github.semblance.index.VectorCodec;
import org.apache.lucene.codecs.Codec;
import org.opensearch.index.codec.CodecService;
import org.opensearch.index.codec.CodecServiceConfig;

/** OpenSearch's own codecs, with vectors kept as the index asks. Thread-safe. */
final class QuantizingCodecService extends CodecService {
  private final Quantization quantization;

  QuantizingCodecService(CodecServiceConfig config, Quantization quantization) {
    super(
        config.getMapperService(),
        config.getIndexSettings(),
        config.getLogger(),
        config.getAdditionalCodecs());
    this.quantization = quantization;
  }

  @Override
  public Codec codec(String name) {
    return VectorCodec.over(super.codec(name), quantization);
  }
}
