package io.github.semblance.bert.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** Writes safetensors files, sound or not. */
final class SafetensorsFile {
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private final StringJoiner header = new StringJoiner(",", "{", "}");

  static SafetensorsFile of(Map<String, float[]> weights) {
    SafetensorsFile file = new SafetensorsFile();
    weights.forEach((name, values) -> file.add(name, "F32", name, values));
    return file;
  }

  /** Adds a tensor that has the shape of a canonical one. */
  SafetensorsFile add(String name, String dtype, String canonical, float[] values) {
    int begin = data.size();
    data.writeBytes(
        switch (dtype) {
          case "F16" -> halves(values, false);
          case "BF16" -> halves(values, true);
          default -> TinyBert.bytes(values);
        });
    return entry(name, dtype, TinyBert.shape(canonical), begin, data.size());
  }

  /** Adds a tensor of 32-bit floats of any shape. */
  SafetensorsFile add(String name, List<Integer> shape, float... values) {
    int begin = data.size();
    data.writeBytes(TinyBert.bytes(values));
    return entry(name, "F32", shape, begin, data.size());
  }

  SafetensorsFile entry(String name, String dtype, List<?> shape, Object begin, Object end) {
    return json(
        String.format(
            Locale.ROOT,
            "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%s,%s]}",
            name,
            dtype,
            shape,
            begin,
            end));
  }

  SafetensorsFile json(String property) {
    header.add(property);
    return this;
  }

  int dataSize() {
    return data.size();
  }

  private static byte[] halves(float[] values, boolean bfloat) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putShort(
          bfloat ? (short) (Float.floatToIntBits(value) >>> 16) : Float.floatToFloat16(value));
    }
    return bytes.array();
  }

  /** The file with its header padded to a multiple of 8 bytes, plus so many blanks. */
  byte[] toBytes(int blanks) {
    String text = header.toString();
    return file(text + " ".repeat(Math.floorMod(-text.length(), 8) + blanks), data.toByteArray());
  }

  byte[] toBytes() {
    return toBytes(0);
  }

  static byte[] file(String header, byte[] data) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return file(text.length, text, data);
  }

  static byte[] file(long headerLength, byte[] header, byte[] data) {
    return ByteBuffer.allocate(Long.BYTES + header.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(headerLength)
        .put(header)
        .put(data)
        .array();
  }

  /** Reads without a file. */
  static EncoderWeights read(byte[] file) throws CheckpointException {
    ByteBuffer content = TinyBert.offHeap(file);
    TensorCollector tensors = new TensorCollector("tiny.safetensors", TinyBert.CONFIG);
    Safetensors.Ranges ranges =
        (offset, length) ->
            content
                .slice(Math.toIntExact(offset), Math.toIntExact(length))
                .order(ByteOrder.LITTLE_ENDIAN);
    try {
      new Safetensors("tiny.safetensors", file.length, ranges).read(tensors);
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw new AssertionError("memory cannot fail", e);
    }
    return new EncoderWeights(TinyBert.CONFIG, tensors.finish());
  }
}
