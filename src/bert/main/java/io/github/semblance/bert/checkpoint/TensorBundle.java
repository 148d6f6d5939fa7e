package io.github.semblance.bert.checkpoint;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Reads a TensorFlow checkpoint: an index, which is a {@link LevelDbTable} of messages that say
 * where each tensor is, and one file of data.
 *
 * @see <a
 *     href="https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/protobuf/tensor_bundle.proto">the
 *     messages</a>
 */
final class TensorBundle {
  private static final int DT_FLOAT = 1;
  private static final int MAX_RANK = 8;

  /** What the index says about one tensor; fields that are zero are not stored. */
  private record Entry(String canonical, List<Long> shape, Span span, int crc) {
    String name() {
      return span.name();
    }
  }

  private final String source;
  private final ByteBuffer index;
  private final ByteBuffer data;
  private boolean headerRead;

  TensorBundle(String source, ByteBuffer index, ByteBuffer data) {
    this.source = source;
    this.index = index;
    this.data = data;
  }

  void read(TensorCollector tensors) throws CheckpointException {
    List<Entry> wanted = new ArrayList<>();
    new LevelDbTable(source, index)
        .forEach(
            (name, message) -> {
              if (name.isEmpty()) {
                checkHeader(new Protobuf(source, message));
                return;
              }
              String canonical = EncoderLayout.canonicalFromTensorFlow(name);
              if (canonical != null) {
                Entry entry = entry(name, canonical, new Protobuf(source, message));
                tensors.require(canonical, entry.shape, EncoderLayout.isKernel(name));
                wanted.add(entry);
              }
            });
    if (!headerRead) {
      throw new CheckpointException(source + ": the index has no header, which is the empty key");
    }
    Span.requireDisjoint(source, wanted.stream().map(Entry::span).toList());
    wanted.sort(Comparator.comparing(Entry::span, Span.BY_PLACE));
    for (Entry entry : wanted) {
      read(entry, tensors);
    }
  }

  private void checkHeader(Protobuf header) throws CheckpointException {
    headerRead = true;
    long shards = 0;
    long endianness = 0;
    while (header.next()) {
      switch (header.field()) {
        case 1 -> shards = header.varint();
        case 2 -> endianness = header.varint();
        default -> header.skip();
      }
    }
    if (shards != 1 || endianness != 0) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: one little-endian file of data is supported, got: %d files, endianness %d",
              source,
              shards,
              endianness));
    }
  }

  private Entry entry(String name, String canonical, Protobuf message) throws CheckpointException {
    int dataType = 0;
    List<Long> shape = List.of();
    long shard = 0;
    long offset = 0;
    long size = 0;
    int crc = 0;
    while (message.next()) {
      switch (message.field()) {
        case 1 -> dataType = (int) message.varint();
        case 2 -> shape = shape(name, message.message());
        case 3 -> shard = message.varint();
        case 4 -> offset = message.varint();
        case 5 -> size = message.varint();
        case 6 -> crc = message.fixed32();
        default -> throw refused(name, "is stored in slices");
      }
    }
    if (dataType != DT_FLOAT) {
      throw refused(name, "has data type " + dataType + " where 1, 32-bit float, is supported");
    }
    if (shard != 0) {
      throw refused(name, "lies in file " + shard + " of the only one");
    }
    Span span = new Span(name, offset, offset + size);
    span.requireWithin(source, data.limit());
    return new Entry(canonical, shape, span, crc);
  }

  private List<Long> shape(String name, Protobuf message) throws CheckpointException {
    List<Long> sizes = new ArrayList<>();
    while (message.next()) {
      if (message.field() != 2) {
        message.skip();
        continue;
      }
      if (sizes.size() == MAX_RANK) {
        throw refused(name, "has more than " + MAX_RANK + " dimensions");
      }
      long size = 0;
      Protobuf dimension = message.message();
      while (dimension.next()) {
        if (dimension.field() == 1) {
          size = dimension.varint();
        } else {
          dimension.skip();
        }
      }
      sizes.add(size);
    }
    return sizes;
  }

  private void read(Entry entry, TensorCollector tensors) throws CheckpointException {
    int begin = (int) entry.span.begin();
    int length = (int) (entry.span.end() - entry.span.begin());
    if (entry.crc != MaskedCrc.of(data.slice(begin, length))) {
      throw refused(entry.name(), "does not match its checksum: the file is damaged");
    }
    ByteBuffer floats = Floats.aligned(source, data, begin, length);
    tensors.add(entry.canonical, entry.shape, EncoderLayout.isKernel(entry.name()), floats);
  }

  private CheckpointException refused(String name, String problem) {
    return new CheckpointException(source + ": tensor " + name + " " + problem);
  }
}
