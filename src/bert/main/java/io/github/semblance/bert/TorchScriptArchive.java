package io.github.semblance.bert;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a TorchScript archive that holds one module's source text and no weights.
 *
 * <p>The format is the zip that {@code torch::jit::load} reads: the module's source under {@code
 * code/}, its attributes as a protocol-2 pickle in {@code data.pkl}, and marker files. Entries must
 * be stored, not deflated. Attribute values are of the types that an empty module needs: booleans,
 * integers, floating-point numbers, strings and empty lists.
 */
final class TorchScriptArchive {
  private static final String ROOT = "archive/";

  /** An empty list of whatever type the module's source declares. */
  static final Object EMPTY_LIST = new Object();

  private TorchScriptArchive() {}

  /**
   * Makes the archive.
   *
   * @param className the class in the source that becomes the module
   * @param source TorchScript source text
   * @param attributes a value for each attribute that the source declares
   */
  static byte[] of(String className, String source, Map<String, Object> attributes) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "data.pkl", pickle(className, attributes));
      store(zip, "code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
      store(zip, "constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'}); // an empty tuple
      store(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
      store(zip, "version", "10\n".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(ROOT + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  /** Opcodes as in CPython's pickletools: an instance of the class with a dictionary as state. */
  private static byte[] pickle(String className, Map<String, Object> attributes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x80, 2}); // PROTO 2
    out.writeBytes(("c__torch__\n" + className + "\n").getBytes(StandardCharsets.US_ASCII));
    out.write(')'); // EMPTY_TUPLE
    out.write(0x81); // NEWOBJ
    out.write('}'); // EMPTY_DICT
    out.write('('); // MARK
    attributes.forEach(
        (name, value) -> {
          string(out, name);
          value(out, value);
        });
    out.write('u'); // SETITEMS
    out.write('b'); // BUILD
    out.write('.'); // STOP
    return out.toByteArray();
  }

  private static void value(ByteArrayOutputStream out, Object value) {
    switch (value) {
      case Boolean b -> out.write(b ? 0x88 : 0x89);
      case Integer i -> {
        out.write('J');
        out.writeBytes(
            ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(i).array()); // BININT
      }
      case Double d -> {
        out.write('G');
        out.writeBytes(ByteBuffer.allocate(8).putDouble(d).array()); // BINFLOAT, big-endian
      }
      case String s -> string(out, s);
      default -> {
        if (value != EMPTY_LIST) {
          throw new IllegalArgumentException("no pickle form for " + value.getClass());
        }
        out.write(']');
      }
    }
  }

  private static void string(ByteArrayOutputStream out, String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    out.write('X'); // BINUNICODE
    out.writeBytes(
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(utf8.length).array());
    out.writeBytes(utf8);
  }
}
