package io.github.semblance.bert.checkpoint;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Walks a table in the format of LevelDB: blocks of sorted keys, each key stored as what differs
 * from the one before; an index block of the blocks; a footer that says where the index is.
 *
 * @see <a href="https://github.com/google/leveldb/blob/main/doc/table_format.md">the format</a>
 */
final class LevelDbTable {
  private static final int FOOTER_BYTES = 48;
  private static final long MAGIC = 0xdb4775248b80fb57L;
  private static final int TRAILER_BYTES = 1 + Integer.BYTES;
  private static final int MAX_KEY_BYTES = 4096;

  private final String source;
  private final ByteBuffer table;

  private long endOfLastBlock;
  private byte @Nullable [] lastKey;

  /** Takes the entries of a table, in the order of the keys. */
  interface EntryVisitor {
    void visit(String key, ByteBuffer value) throws CheckpointException;
  }

  private interface BlockVisitor {
    void visit(byte[] key, ByteBuffer value) throws CheckpointException;
  }

  LevelDbTable(String source, ByteBuffer table) {
    this.source = source;
    this.table = table;
  }

  void forEach(EntryVisitor visitor) throws CheckpointException {
    int footerOffset = table.limit() - FOOTER_BYTES;
    if (footerOffset < 0 || table.getLong(table.limit() - Long.BYTES) != MAGIC) {
      throw malformed("its last 8 bytes must be the format's magic number");
    }
    ByteBuffer footer = range(footerOffset, FOOTER_BYTES);
    varint(footer); // where the meta index is: nothing in it is of use here
    varint(footer);
    forEachInBlock(
        block(footer),
        (separator, handle) -> {
          requireBehindLastBlock(handle);
          forEachInBlock(
              block(handle),
              (key, value) -> {
                requireAscending(key);
                visitor.visit(new String(key, StandardCharsets.UTF_8), value);
              });
        });
  }

  /** Blocks are written one after the other: a block that is named twice is an attack. */
  private void requireBehindLastBlock(ByteBuffer handle) throws CheckpointException {
    ByteBuffer peek = handle.duplicate();
    long offset = varint(peek);
    if (offset < endOfLastBlock) {
      throw malformed("blocks must follow each other, got one at " + offset);
    }
    endOfLastBlock = offset + varint(peek);
  }

  private void requireAscending(byte[] key) throws CheckpointException {
    if (lastKey != null && Arrays.compareUnsigned(lastKey, key) >= 0) {
      throw malformed("keys must ascend, got: " + new String(key, StandardCharsets.UTF_8));
    }
    lastKey = key;
  }

  /** The content of the block to which a handle points: an offset and a size. */
  private ByteBuffer block(ByteBuffer handle) throws CheckpointException {
    long offset = varint(handle);
    long size = varint(handle);
    long room = (long) table.limit() - FOOTER_BYTES - TRAILER_BYTES;
    if (offset < 0 || size < 0 || offset > room || size > room - offset) {
      throw malformed(
          String.format(Locale.ROOT, "a block of %d bytes at %d is out of range", size, offset));
    }
    ByteBuffer content = range((int) offset, (int) size);
    byte compression = table.get((int) (offset + size));
    int stored = table.getInt((int) (offset + size + 1));
    if (stored != MaskedCrc.of(range((int) offset, (int) size + 1))) {
      throw malformed(
          String.format(Locale.ROOT, "the checksum of the block at %d does not match", offset));
    }
    if (compression != 0) {
      throw malformed(
          String.format(
              Locale.ROOT,
              "the block at %d is compressed (type %d); only plain blocks are supported",
              offset,
              compression));
    }
    return content;
  }

  private void forEachInBlock(ByteBuffer block, BlockVisitor visitor) throws CheckpointException {
    block.limit(endOfEntries(block));
    byte[] key = new byte[0];
    while (block.hasRemaining()) {
      long shared = varint(block);
      long added = varint(block);
      long valueLength = varint(block);
      if (shared < 0 || shared > key.length || added < 0 || added > MAX_KEY_BYTES - shared) {
        throw malformed(
            String.format(
                Locale.ROOT,
                "a key shares %d bytes with one of %d and adds %d",
                shared,
                key.length,
                added));
      }
      if (valueLength < 0 || added > block.remaining() || valueLength > block.remaining() - added) {
        throw malformed("an entry ends behind its block");
      }
      key = Arrays.copyOf(key, (int) (shared + added));
      block.get(key, (int) shared, (int) added);
      ByteBuffer value = block.slice(block.position(), (int) valueLength).order(table.order());
      block.position(block.position() + (int) valueLength);
      visitor.visit(key, value);
    }
  }

  /** Behind the entries stand the offsets of the keys that are whole, and their number. */
  private int endOfEntries(ByteBuffer block) throws CheckpointException {
    int room = block.limit() / Integer.BYTES - 1;
    int restarts = room < 0 ? 0 : block.getInt(block.limit() - Integer.BYTES);
    if (restarts < 1 || restarts > room) {
      throw malformed(
          String.format(
              Locale.ROOT, "a block of %d bytes has %d restarts", block.limit(), restarts));
    }
    int end = block.limit() - Integer.BYTES * (restarts + 1);
    for (int i = 0; i < restarts; i++) {
      int restart = block.getInt(end + Integer.BYTES * i);
      if (restart < 0 || restart > end) {
        throw malformed(
            String.format(Locale.ROOT, "a restart at %d in %d bytes of entries", restart, end));
      }
    }
    return end;
  }

  private ByteBuffer range(int offset, int length) {
    return table.slice(offset, length).order(table.order());
  }

  private long varint(ByteBuffer in) throws CheckpointException {
    return Protobuf.varint(source, in);
  }

  private CheckpointException malformed(String problem) {
    return new CheckpointException(source + ": malformed LevelDB table: " + problem);
  }
}
