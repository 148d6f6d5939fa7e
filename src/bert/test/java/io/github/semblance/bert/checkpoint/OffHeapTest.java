package io.github.semblance.bert.checkpoint;

import static io.github.semblance.bert.checkpoint.TinyBert.assertRefused;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OffHeapTest {
  private final byte[] content = new byte[200_000];

  @TempDir Path folder;

  OffHeapTest() {
    new Random(3).nextBytes(content);
  }

  @Test
  void readsFilesAndResources() throws IOException {
    Path file = Files.write(folder.resolve("file"), content);
    assertHolds(content, OffHeap.map(file));
    assertHolds(content, OffHeap.read(file.toUri().toURL()));
    assertHolds(content, OffHeap.read(jar("weights", content)));
    assertRefused("cannot be mapped", () -> OffHeap.map(folder.resolve("none")));
    assertRefused("cannot be read", () -> OffHeap.read(folder.resolve("none").toUri().toURL()));
  }

  @Test
  void readsAZipWithinAJar() throws IOException {
    byte[] zip = zip(Map.of("a/first", content, "second", new byte[] {1, 2}, "third", content));
    URL resource = jar("model", zip);
    Map<String, ByteBuffer> read = OffHeap.readZip(resource, Set.of("a/first", "second"));
    assertEquals(Set.of("a/first", "second"), read.keySet());
    assertHolds(content, requireNonNull(read.get("a/first")));
    assertHolds(new byte[] {1, 2}, requireNonNull(read.get("second")));
    assertRefused(
        "the ZIP file has no entry [fourth]",
        () -> OffHeap.readZip(resource, Set.of("second", "fourth")));
  }

  @Test
  void refusesBrokenZips() throws IOException {
    byte[] zip = zip(Map.of("entry", content));
    for (int length : new int[] {0, 3, 20, 100, 199_000}) {
      URL resource = jar("model", Arrays.copyOf(zip, length));
      assertRefused("", () -> OffHeap.readZip(resource, Set.of("entry")));
    }
    byte[] flipped = zip.clone();
    flipped[1000] ^= 1;
    URL resource = jar("model", flipped);
    assertRefused("CRC", () -> OffHeap.readZip(resource, Set.of("entry")));
  }

  @Test
  void refusesBombs() throws IOException {
    URL bomb = jar("weights", new byte[65 << 20]);
    assertRefused("no weights compress that well", () -> OffHeap.read(bomb));

    byte[] zip = zip(Map.of("entry", content));
    ByteBuffer header = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(18, Integer.MAX_VALUE).putInt(22, Integer.MAX_VALUE);
    URL liar = jar("model", zip);
    assertRefused("no weights compress that well", () -> OffHeap.readZip(liar, Set.of("entry")));
  }

  @Test
  void refusesSizesThatAreNotTrue() throws IOException {
    URL longer = statingSize(content.length + 1);
    assertRefused("ends after 200000 of 200001 bytes", () -> OffHeap.read(longer));
    URL shorter = statingSize(content.length - 1);
    assertRefused("longer than the 199999 bytes", () -> OffHeap.read(shorter));
  }

  /** A jar whose directory, of one entry, states another size. */
  private URL statingSize(int size) throws IOException {
    URL jar = jar("weights", content);
    Path file = Path.of(URI.create(jar.getPath().replace("!/weights", "")));
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int directory = bytes.getInt(bytes.capacity() - 6);
    bytes.putInt(directory + 24, size);
    Files.write(file, bytes.array());
    return jar;
  }

  @Test
  void refusesWhatOneBufferCannotHold() {
    assertRefused("at most 2 GiB", () -> OffHeap.allocate("weights", 1L << 31));
  }

  private static void assertHolds(byte[] expected, ByteBuffer actual) {
    assertTrue(actual.isDirect());
    assertEquals(ByteOrder.LITTLE_ENDIAN, actual.order());
    byte[] bytes = new byte[actual.remaining()];
    actual.get(bytes);
    assertArrayEquals(expected, bytes);
  }

  private URL jar(String entry, byte[] content) throws IOException {
    Path jar = Files.createTempFile(folder, "model", ".jar");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new ZipEntry(entry));
      out.write(content);
    }
    return URI.create("jar:" + jar.toUri() + "!/" + entry).toURL();
  }

  /** Not compressed, as sizes then stand before the contents. */
  private static byte[] zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      out.setMethod(ZipOutputStream.STORED);
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        ZipEntry stored = new ZipEntry(entry.getKey());
        CRC32 crc = new CRC32();
        crc.update(entry.getValue());
        stored.setCrc(crc.getValue());
        stored.setSize(entry.getValue().length);
        out.putNextEntry(stored);
        out.write(entry.getValue());
      }
    }
    return bytes.toByteArray();
  }
}
