package io.github.semblance.bert.checkpoint;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads one message in protobuf's wire format, field by field.
 *
 * <pre>{@code
 * while (message.next()) {
 *   switch (message.field()) {
 *     case 1 -> name = message.string();
 *     default -> message.skip();
 *   }
 * }
 * }</pre>
 *
 * <p>Nested messages are views of the same bytes: nothing is copied, and depth is the caller's.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">the encoding</a>
 */
final class Protobuf {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED32 = 5;

  private static final int MAX_VARINT_BYTES = 10;

  private final String source;
  private final ByteBuffer in;
  private int tag;

  /**
   * A reader of one message.
   *
   * @param source names the file in messages
   * @param message its bytes, from position to limit
   */
  Protobuf(String source, ByteBuffer message) {
    this.source = source;
    this.in = view(message, message.position(), message.limit());
  }

  private static ByteBuffer view(ByteBuffer bytes, int begin, int end) {
    return bytes.duplicate().order(bytes.order()).limit(end).position(begin);
  }

  /** Moves to the next field; the one before must have been read or skipped. */
  boolean next() throws CheckpointException {
    if (!in.hasRemaining()) {
      return false;
    }
    long next = varint(source, in);
    if (next >>> Integer.SIZE != 0 || next >>> 3 == 0) {
      throw malformed("field tag " + Long.toUnsignedString(next) + " is out of range");
    }
    tag = (int) next;
    return true;
  }

  /** Number of the current field. */
  int field() {
    return tag >>> 3;
  }

  /** Whether the current field is a string, bytes, a message or packed numbers. */
  boolean isLengthDelimited() {
    return wireType() == LENGTH_DELIMITED;
  }

  private int wireType() {
    return tag & 7;
  }

  long varint() throws CheckpointException {
    require(VARINT);
    return varint(source, in);
  }

  int fixed32() throws CheckpointException {
    require(FIXED32);
    return take(Integer.BYTES).getInt();
  }

  /** A view of the current field's bytes, from position to limit. */
  ByteBuffer bytes() throws CheckpointException {
    require(LENGTH_DELIMITED);
    return take(varint(source, in));
  }

  String string() throws CheckpointException {
    return StandardCharsets.UTF_8.decode(bytes()).toString();
  }

  Protobuf message() throws CheckpointException {
    return new Protobuf(source, bytes());
  }

  void skip() throws CheckpointException {
    switch (wireType()) {
      case VARINT -> varint(source, in);
      case FIXED64 -> take(Long.BYTES);
      case FIXED32 -> take(Integer.BYTES);
      case LENGTH_DELIMITED -> bytes();
      default -> throw malformed("wire type " + wireType() + " is not supported");
    }
  }

  private void require(int wireType) throws CheckpointException {
    if (wireType() != wireType) {
      throw malformed(
          String.format(
              Locale.ROOT,
              "field %d must have wire type %d, got: %d",
              field(),
              wireType,
              wireType()));
    }
  }

  private ByteBuffer take(long length) throws CheckpointException {
    if (length < 0 || length > in.remaining()) {
      throw malformed(
          String.format(
              Locale.ROOT,
              "%s bytes are announced, %d are left",
              Long.toUnsignedString(length),
              in.remaining()));
    }
    int begin = in.position();
    int end = begin + (int) length;
    in.position(end);
    return view(in, begin, end);
  }

  private CheckpointException malformed(String problem) {
    return new CheckpointException(
        String.format(
            Locale.ROOT,
            "%s: malformed protobuf before byte %d: %s",
            source,
            in.position(),
            problem));
  }

  /** Reads 7 bits a byte, lowest first, until a byte without the top bit. */
  static long varint(String source, ByteBuffer in) throws CheckpointException {
    long value = 0;
    for (int i = 0; i < MAX_VARINT_BYTES; i++) {
      if (!in.hasRemaining()) {
        throw new CheckpointException(source + ": cut short within a varint");
      }
      byte next = in.get();
      value |= (next & 0x7fL) << (7 * i);
      if (next >= 0) {
        return value;
      }
    }
    throw new CheckpointException(
        String.format(
            Locale.ROOT,
            "%s: a varint of more than %d bytes before byte %d",
            source,
            MAX_VARINT_BYTES,
            in.position()));
  }
}
