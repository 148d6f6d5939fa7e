package io.github.semblance.bert.checkpoint;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a weights file gives: the tensors of an encoder and the shape they were checked against.
 *
 * @param config the encoder's shape
 * @param tensors by canonical name, in the order of the computation: exactly what {@code config}
 *     asks for, all finite
 */
@SuppressWarnings("DoNotCallSuggester") // until the readers are in
record EncoderWeights(BertConfig config, Map<String, Tensor> tensors) {

  /**
   * Reads a {@code .safetensors} file, or all the shards that a {@code .safetensors.index.json}
   * names. F32 tensors stay mapped to the file.
   */
  static EncoderWeights readSafetensors(Path file, BertConfig config) throws CheckpointException {
    throw new UnsupportedOperationException(file + " " + config);
  }

  /**
   * Reads an ONNX graph with 32-bit float weights.
   *
   * @param source names the file in messages
   * @param content see {@link OffHeap}; its bytes may be rearranged when it is writable
   * @param config from {@code config.json}, or null to take the shape from the graph
   */
  static EncoderWeights readOnnx(String source, ByteBuffer content, @Nullable BertConfig config)
      throws CheckpointException {
    throw new UnsupportedOperationException(source + content + config);
  }

  /**
   * Reads a TensorFlow checkpoint.
   *
   * @param source names the checkpoint in messages
   * @param index content of {@code variables.index}
   * @param data content of {@code variables.data-00000-of-00001}; see {@link OffHeap}; its bytes
   *     may be rearranged when it is writable
   */
  static EncoderWeights readTensorBundle(
      String source, ByteBuffer index, ByteBuffer data, BertConfig config)
      throws CheckpointException {
    throw new UnsupportedOperationException(source + index + data + config);
  }
}
