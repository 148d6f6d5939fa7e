package io.github.semblance.bert.checkpoint;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The checksum of LevelDB and TensorFlow: CRC32C, masked so that checksums of data that contains
 * checksums stay good.
 */
final class MaskedCrc {
  private static final int DELTA = 0xa282ead8;

  private MaskedCrc() {}

  /** The masked checksum of the remaining bytes, which stay unread. */
  static int of(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return Integer.rotateRight((int) crc.getValue(), 15) + DELTA;
  }
}
