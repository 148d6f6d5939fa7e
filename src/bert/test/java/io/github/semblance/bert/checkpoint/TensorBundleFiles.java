package io.github.semblance.bert.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Writes TensorFlow checkpoints: an index in LevelDB's table format and a file of data. */
final class TensorBundleFiles {
  private static final int RESTART_INTERVAL = 4;
  private static final int ENTRIES_PER_BLOCK = 10;

  final TreeMap<String, byte[]> entries = new TreeMap<>();
  final ByteArrayOutputStream data = new ByteArrayOutputStream();

  static TensorBundleFiles of(Map<String, float[]> weights) {
    TensorBundleFiles files = new TensorBundleFiles();
    files.entries.put("", new ProtobufWriter().varint(1, 1).toBytes());
    weights.forEach(files::add);
    return files;
  }

  static String tensorFlowName(String canonical) {
    String name = canonical.replace("layer.", "layer_").replace('.', '/');
    String stem = name.substring(0, name.lastIndexOf('/') + 1);
    if (name.endsWith("_embeddings/weight")) {
      name = name.substring(0, name.length() - "/weight".length());
    } else if (name.endsWith("LayerNorm/weight")) {
      name = stem + "gamma";
    } else if (name.endsWith("LayerNorm/bias")) {
      name = stem + "beta";
    } else if (name.endsWith("/weight")) {
      name = stem + "kernel";
    }
    return "module/bert/" + name;
  }

  private void add(String canonical, float[] values) {
    List<Integer> shape = TinyBert.shape(canonical);
    float[] stored = values;
    if (TinyBert.isLinearWeight(canonical)) {
      stored = TinyBert.transposed(values, shape.get(0), shape.get(1));
      shape = shape.reversed();
    }
    byte[] bytes = TinyBert.bytes(stored);
    int offset = data.size();
    data.writeBytes(bytes);
    entries.put(
        tensorFlowName(canonical),
        entry(1, shape, offset, bytes.length, MaskedCrc.of(ByteBuffer.wrap(bytes))).toBytes());
  }

  static ProtobufWriter entry(int dataType, List<Integer> shape, long offset, long size, int crc) {
    ProtobufWriter sizes = new ProtobufWriter();
    shape.forEach(length -> sizes.message(2, new ProtobufWriter().varint(1, length)));
    return new ProtobufWriter()
        .varint(1, dataType)
        .message(2, sizes)
        .varint(4, offset)
        .varint(5, size)
        .fixed32(6, crc);
  }

  byte[] index() {
    return index(block -> block);
  }

  /** The index with each block damaged before its checksum is computed. */
  byte[] index(UnaryOperator<byte[]> damage) {
    ByteArrayOutputStream table = new ByteArrayOutputStream();
    TreeMap<String, byte[]> handles = new TreeMap<>();
    TreeMap<String, byte[]> block = new TreeMap<>();
    entries.forEach(
        (key, value) -> {
          block.put(key, value);
          if (block.size() == ENTRIES_PER_BLOCK) {
            handles.put(key, writeBlock(table, damage.apply(block(block)), 0));
            block.clear();
          }
        });
    if (!block.isEmpty()) {
      handles.put(block.lastKey(), writeBlock(table, damage.apply(block(block)), 0));
    }
    byte[] meta = writeBlock(table, block(Map.of()), 0);
    byte[] index = writeBlock(table, damage.apply(block(handles)), 0);
    table.writeBytes(footer(meta, index));
    return table.toByteArray();
  }

  static byte[] footer(byte[] metaHandle, byte[] indexHandle) {
    return ByteBuffer.allocate(48)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(metaHandle)
        .put(indexHandle)
        .putLong(40, 0xdb4775248b80fb57L)
        .array();
  }

  static byte[] handle(long offset, long size) {
    return new ProtobufWriter().raw(offset).raw(size).toBytes();
  }

  /** Appends a block and its checksum, and tells where it is. */
  static byte[] writeBlock(ByteArrayOutputStream table, byte[] content, int compression) {
    byte[] handle = handle(table.size(), content.length);
    byte[] block =
        ByteBuffer.allocate(content.length + 5)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(content)
            .put((byte) compression)
            .array();
    int crc = MaskedCrc.of(ByteBuffer.wrap(block, 0, content.length + 1));
    ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN).putInt(content.length + 1, crc);
    table.writeBytes(block);
    return handle;
  }

  static byte[] block(Map<String, byte[]> entries) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    ByteBuffer restarts = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    byte[] previous = {};
    int count = 0;
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
      byte[] key = entry.getKey().getBytes(StandardCharsets.UTF_8);
      int shared = 0;
      if (count++ % RESTART_INTERVAL == 0) {
        restarts.putInt(block.size());
      } else {
        int mismatch = Arrays.mismatch(previous, key);
        shared = mismatch < 0 ? key.length : mismatch;
      }
      block.writeBytes(
          new ProtobufWriter()
              .raw(shared)
              .raw(key.length - shared)
              .raw(entry.getValue().length)
              .toBytes());
      block.write(key, shared, key.length - shared);
      block.writeBytes(entry.getValue());
      previous = key;
    }
    if (restarts.position() == 0) {
      restarts.putInt(0);
    }
    int number = restarts.position() / Integer.BYTES;
    block.write(restarts.putInt(number).array(), 0, restarts.position());
    return block.toByteArray();
  }

  static EncoderWeights read(byte[] index, byte[] data) throws CheckpointException {
    return EncoderWeights.readTensorBundle(
        "tiny checkpoint", TinyBert.offHeap(index), TinyBert.offHeap(data), TinyBert.CONFIG);
  }

  EncoderWeights read() throws CheckpointException {
    return read(index(), data.toByteArray());
  }
}
