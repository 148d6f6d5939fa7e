package io.github.semblance.bert.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Reads safetensors: a 64-bit header length, a JSON header with the type, the shape and the place
 * of each tensor, then the tensors' bytes, row-major and little-endian.
 *
 * @see <a href="https://huggingface.co/docs/safetensors/index#format">the format</a>
 */
final class Safetensors {
  private static final int LENGTH_BYTES = Long.BYTES;
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");

  /** Reads a range of a file; {@link FileChannel#map} does, for files of any size. */
  interface Ranges {
    ByteBuffer read(long offset, long length) throws IOException;
  }

  private final String source;
  private final long size;
  private final Ranges ranges;

  Safetensors(String source, long size, Ranges ranges) {
    this.source = source;
    this.size = size;
    this.ranges = ranges;
  }

  /** Reads one file of tensors; they stay mapped where they can. */
  static void readFile(Path file, TensorCollector tensors) throws IOException {
    String source = file.toString();
    try (FileChannel channel = FileChannel.open(file)) {
      Ranges mapped = (offset, length) -> OffHeap.map(source, channel, offset, length);
      new Safetensors(source, channel.size(), mapped).read(tensors);
    }
  }

  /** Reads all the files that a {@code model.safetensors.index.json} names, beside it. */
  static void readShards(Path index, TensorCollector tensors) throws IOException {
    for (String shard : shards(index.toString(), OffHeap.map(index))) {
      readFile(index.resolveSibling(shard), tensors);
    }
  }

  private static Set<String> shards(String source, ByteBuffer json) throws CheckpointException {
    JsonNode files = Json.parseObject(source, json).path("weight_map");
    Set<String> names = new TreeSet<>();
    for (JsonNode file : files) {
      String name = file.asString("");
      if (!FILE_NAME.matcher(name).matches()) {
        throw new CheckpointException(
            source + ": weight_map must name files in the same folder, got: " + Json.excerpt(file));
      }
      names.add(name);
    }
    if (names.isEmpty()) {
      throw new CheckpointException(source + ": weight_map must name the files of the shards");
    }
    return names;
  }

  void read(TensorCollector tensors) throws IOException {
    long headerLength = headerLength();
    long dataOffset = LENGTH_BYTES + headerLength;
    JsonNode header = Json.parseObject(source, ranges.read(LENGTH_BYTES, headerLength));
    List<Span> spans = new ArrayList<>();
    for (Map.Entry<String, JsonNode> property : header.properties()) {
      if (!property.getKey().equals("__metadata__")) {
        List<Long> offsets = integers(property.getKey(), property.getValue(), "data_offsets");
        if (offsets.size() != 2) {
          throw malformed(property.getKey(), "data_offsets", property.getValue());
        }
        Span span = new Span(property.getKey(), offsets.get(0), offsets.get(1));
        span.requireWithin(source, size - dataOffset);
        spans.add(span);
      }
    }
    Span.requireDisjoint(source, spans);
    for (Span span : spans) {
      String name = tensors.canonical(span.name());
      if (name != null) {
        read(name, dataOffset, span, header.path(span.name()), tensors);
      }
    }
  }

  private long headerLength() throws IOException {
    if (size < LENGTH_BYTES) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: a safetensors file has at least %d bytes, got: %d",
              source,
              LENGTH_BYTES,
              size));
    }
    long length = ranges.read(0, LENGTH_BYTES).getLong(0);
    long limit = Math.min(size - LENGTH_BYTES, Json.MAX_LENGTH);
    if (length < 0 || length > limit) {
      throw new CheckpointException(
          String.format(
                  Locale.ROOT,
                  "%s: the header's length must be at most %d, got: %s; this is no safetensors file, or it",
                  source,
                  limit,
                  Long.toUnsignedString(length))
              + " is cut short");
    }
    return length;
  }

  private void read(
      String name, long dataOffset, Span span, JsonNode entry, TensorCollector tensors)
      throws IOException {
    List<Long> shape = integers(span.name(), entry, "shape");
    tensors.require(name, shape, false);
    long length = span.end() - span.begin();
    ByteBuffer bytes = ranges.read(dataOffset + span.begin(), length);
    ByteBuffer floats =
        switch (entry.path("dtype").asString("")) {
          case "F32" -> Floats.aligned(source, bytes, 0, bytes.remaining());
          case "F16" -> Floats.fromFloat16(source, bytes);
          case "BF16" -> Floats.fromBfloat16(source, bytes);
          default ->
              throw new CheckpointException(
                  String.format(
                      Locale.ROOT,
                      "%s: tensor %s has dtype %s; supported are F32, F16 and BF16",
                      source,
                      span.name(),
                      Json.excerpt(entry.path("dtype"))));
        };
    tensors.add(name, shape, false, floats);
  }

  private List<Long> integers(String tensor, JsonNode entry, String key)
      throws CheckpointException {
    List<Long> values = new ArrayList<>();
    for (JsonNode value : entry.path(key)) {
      if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
        throw malformed(tensor, key, entry);
      }
      values.add(value.longValue());
    }
    return values;
  }

  private CheckpointException malformed(String tensor, String key, JsonNode entry) {
    return new CheckpointException(
        String.format(
            Locale.ROOT,
            "%s: tensor %s: %s must be an array of sizes, got: %s",
            source,
            tensor,
            key,
            Json.excerpt(entry.path(key))));
  }
}
