package io.github.semblance.bert.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a weights file gives: the tensors of an encoder and the shape they were checked against.
 *
 * @param config the encoder's shape
 * @param tensors by canonical name, in the order of the computation: exactly what {@code config}
 *     asks for, all finite
 */
record EncoderWeights(BertConfig config, Map<String, Tensor> tensors) {

  /**
   * Reads a {@code .safetensors} file, or all the shards that a {@code .safetensors.index.json}
   * names. F32 tensors stay mapped to the file.
   */
  static EncoderWeights readSafetensors(Path file, BertConfig config) throws CheckpointException {
    TensorCollector tensors = new TensorCollector(file.toString(), config);
    read(file, tensors);
    return new EncoderWeights(config, tensors.finish());
  }

  /**
   * Reads the encoder and the head of a cross-encoder, as {@link #readSafetensors} does.
   *
   * @param head shapes of the head's tensors by the file's own names
   */
  static EncoderWeights readWithHead(Path file, BertConfig config, Map<String, List<Integer>> head)
      throws CheckpointException {
    TensorCollector tensors = new TensorCollector(file.toString(), config, head);
    read(file, tensors);
    return new EncoderWeights(config, tensors.finish());
  }

  /** Reads weight and, where wanted, bias of a Dense module. */
  static List<Tensor> readDense(Path file, int out, int in, boolean bias)
      throws CheckpointException {
    TensorCollector tensors = TensorCollector.ofDense(file.toString(), out, in, bias);
    read(file, tensors);
    return List.copyOf(tensors.finish().values());
  }

  private static void read(Path file, TensorCollector tensors) throws CheckpointException {
    try {
      if (file.toString().endsWith(".json")) {
        Safetensors.readShards(file, tensors);
      } else {
        Safetensors.readFile(file, tensors);
      }
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be read: " + e, e);
    }
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
    return new OnnxWeights(source, littleEndian(content)).read(config);
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
    TensorCollector tensors = new TensorCollector(source, config);
    new TensorBundle(source, littleEndian(index), littleEndian(data)).read(tensors);
    return new EncoderWeights(config, tensors.finish());
  }

  private static ByteBuffer littleEndian(ByteBuffer content) {
    return content.slice().order(ByteOrder.LITTLE_ENDIAN);
  }
}
