package io.github.semblance.bert.checkpoint;

import static io.github.semblance.bert.checkpoint.TinyBert.assertRefused;
import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TensorBundleTest {
  private static final String BETA = "module/bert/embeddings/LayerNorm/beta";

  private final Map<String, float[]> weights = TinyBert.weights();

  @Test
  void readsWhatWasWritten() throws CheckpointException {
    TinyBert.assertHolds(weights, valid().read());
  }

  @Test
  void leavesDataThatMustNotBeWrittenAsTheyAre() throws CheckpointException {
    TensorBundleFiles files = valid();
    ByteBuffer data = TinyBert.offHeap(files.data.toByteArray()).asReadOnlyBuffer();
    TinyBert.assertHolds(
        weights,
        EncoderWeights.readTensorBundle(
            "tiny checkpoint", TinyBert.offHeap(files.index()), data, TinyBert.CONFIG));
  }

  @Test
  void ignoresHeadsAndTheOptimizer() throws CheckpointException {
    TensorBundleFiles files = valid();
    byte[] entry = requireNonNull(files.entries.get(BETA));
    for (String name : List.of("bert/pooler/dense/kernel", "cls/bias", "global_step")) {
      files.entries.put(name, entry);
    }
    files.entries.put(BETA + "/adam_m", entry);
    files.entries.put(BETA + "/adam_v", entry);
    TinyBert.assertHolds(weights, files.read());
  }

  @Test
  void refusesOtherBundles() {
    assertHeaderRefused("got: 2 files", new ProtobufWriter().varint(1, 2));
    assertHeaderRefused("endianness 1", new ProtobufWriter().varint(1, 1).varint(2, 1));
    assertHeaderRefused("got: 0 files", new ProtobufWriter());
    TensorBundleFiles headless = valid();
    headless.entries.remove("");
    assertRefused("the index has no header", headless::read);
  }

  private void assertHeaderRefused(String message, ProtobufWriter header) {
    TensorBundleFiles files = valid();
    files.entries.put("", header.toBytes());
    assertRefused(message, files::read);
  }

  @Test
  void refusesTensorsThatCannotBe() {
    List<Integer> shape = List.of(8);
    assertEntryRefused("has data type 19", TensorBundleFiles.entry(19, shape, 0, 32, 0));
    assertEntryRefused("must lie within", TensorBundleFiles.entry(1, shape, 1 << 30, 32, 0));
    assertEntryRefused("must lie within", TensorBundleFiles.entry(1, shape, -32, 64, 0));
    assertEntryRefused("must lie within", TensorBundleFiles.entry(1, shape, 0, -1, 0));
    assertEntryRefused(
        "must lie within", TensorBundleFiles.entry(1, shape, Long.MAX_VALUE, Long.MAX_VALUE, 0));
    assertEntryRefused("overlap", TensorBundleFiles.entry(1, shape, 4, 32, 0));
    assertEntryRefused("must have shape [8]", TensorBundleFiles.entry(1, List.of(7), 0, 32, 0));
    assertEntryRefused("must have shape [8]", TensorBundleFiles.entry(1, List.of(-8), 0, 32, 0));
    assertEntryRefused(
        "more than 8 dimensions", TensorBundleFiles.entry(1, Collections.nCopies(9, 1), 0, 32, 0));
    assertEntryRefused("lies in file 1", TensorBundleFiles.entry(1, shape, 0, 32, 0).varint(3, 1));
    assertEntryRefused(
        "is stored in slices", TensorBundleFiles.entry(1, shape, 0, 32, 0).string(7, ""));
    assertEntryRefused("malformed protobuf", new ProtobufWriter().tag(1, 2).raw(99));
  }

  @Test
  void refusesDamagedData() {
    TensorBundleFiles files = valid();
    byte[] data = files.data.toByteArray();
    data[data.length / 2] ^= 1;
    assertRefused("does not match its checksum", () -> TensorBundleFiles.read(files.index(), data));
    assertRefused("must lie within", () -> TensorBundleFiles.read(files.index(), new byte[9]));
  }

  private void assertEntryRefused(String message, ProtobufWriter entry) {
    TensorBundleFiles files = valid();
    files.entries.put(BETA, entry.toBytes());
    assertRefused(message, files::read);
  }

  @Test
  void refusesMissingTensorsByName() {
    TensorBundleFiles files = valid();
    files.entries.remove(BETA);
    assertRefused("tensors of a BERT encoder are missing: embeddings.LayerNorm.bias", files::read);
  }

  @Test
  void refusesNaNByName() {
    requireNonNull(weights.get("embeddings.LayerNorm.bias"))[0] = Float.NaN;
    assertRefused("embeddings.LayerNorm.bias holds NaN or infinity", () -> valid().read());
  }

  @Test
  void refusesDamagedTables() {
    TensorBundleFiles files = valid();
    byte[] index = files.index();
    assertIndexRefused("magic number", new byte[10]);
    assertIndexRefused("magic number", Arrays.copyOf(index, index.length - 1));
    byte[] flipped = index.clone();
    flipped[20] ^= 1;
    assertIndexRefused("the checksum of the block at 0 does not match", flipped);
    assertIndexRefused("is out of range", pointingTo(TensorBundleFiles.handle(1L << 40, 10)));
    assertIndexRefused("is out of range", pointingTo(TensorBundleFiles.handle(-1, 10)));
    assertIndexRefused("is out of range", pointingTo(TensorBundleFiles.handle(0, -1)));
    byte[] endless = new byte[10];
    Arrays.fill(endless, (byte) 0xff);
    assertIndexRefused("a varint of more than 10 bytes", pointingTo(endless));
  }

  private static byte[] pointingTo(byte[] indexHandle) {
    return TensorBundleFiles.footer(TensorBundleFiles.handle(0, 0), indexHandle);
  }

  @Test
  void refusesCompressedBlocks() {
    byte[] block = TensorBundleFiles.block(new TreeMap<>());
    assertIndexRefused("is compressed (type 1)", tableOf(block, 1));
  }

  @Test
  void refusesDamagedBlocks() {
    assertBlockRefused("a block of 0 bytes has 0 restarts", new byte[0]);
    assertBlockRefused("a block of 8 bytes has 0 restarts", ints(0, 0));
    assertBlockRefused("has 2 restarts", ints(0, 2));
    assertBlockRefused("has -1 restarts", ints(0, -1));
    assertBlockRefused("a restart at 4 in 0 bytes", ints(4, 1));
    assertBlockRefused("a restart at -4 in 0 bytes", ints(-4, 1));
    assertBlockRefused("a key shares 1 bytes with one of 0", entry(1, 0, 0));
    assertBlockRefused("adds 5000", entry(0, 5000, 0));
    assertBlockRefused("adds -1", entry(0, -1, 0));
    assertBlockRefused("an entry ends behind its block", entry(0, 1, 0));
    assertBlockRefused("an entry ends behind its block", entry(0, 0, 1L << 40));
    assertBlockRefused("an entry ends behind its block", entry(0, 0, -1));
  }

  @Test
  void refusesBlocksAndKeysThatComeTwice() {
    ByteArrayOutputStream table = new ByteArrayOutputStream();
    byte[] header = new ProtobufWriter().varint(1, 1).toBytes();
    byte[] handle =
        TensorBundleFiles.writeBlock(table, TensorBundleFiles.block(Map.of("", header)), 0);
    byte[] again =
        TensorBundleFiles.writeBlock(table, TensorBundleFiles.block(Map.of("", header)), 0);
    assertIndexRefused(
        "blocks must follow each other, got one at 0",
        finish(table, new TreeMap<>(Map.of("a", handle, "b", handle))));
    assertIndexRefused(
        "keys must ascend", finish(table, new TreeMap<>(Map.of("a", handle, "b", again))));
  }

  private void assertBlockRefused(String message, byte[] block) {
    assertIndexRefused(message, tableOf(block, 0));
  }

  private void assertIndexRefused(String message, byte[] index) {
    assertRefused(message, () -> TensorBundleFiles.read(index, valid().data.toByteArray()));
  }

  private static byte[] tableOf(byte[] block, int compression) {
    ByteArrayOutputStream table = new ByteArrayOutputStream();
    byte[] handle = TensorBundleFiles.writeBlock(table, block, compression);
    return finish(table, new TreeMap<>(Map.of("a", handle)));
  }

  private static byte[] finish(ByteArrayOutputStream table, Map<String, byte[]> handles) {
    byte[] index = TensorBundleFiles.writeBlock(table, TensorBundleFiles.block(handles), 0);
    table.writeBytes(pointingTo(index));
    return table.toByteArray();
  }

  private static byte[] entry(long shared, long added, long valueLength) {
    byte[] entry = new ProtobufWriter().raw(shared).raw(added).raw(valueLength).toBytes();
    return ByteBuffer.allocate(entry.length + 8)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(entry)
        .putInt(0)
        .putInt(1)
        .array();
  }

  private static byte[] ints(int first, int second) {
    return ByteBuffer.allocate(8)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(first)
        .putInt(second)
        .array();
  }

  private TensorBundleFiles valid() {
    return TensorBundleFiles.of(weights);
  }
}
