package io.github.semblance.bert.checkpoint;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Damaged files get a {@link CheckpointException}, or are read if the damage hit nothing that
 * matters; nothing else may happen.
 *
 * <p>{@code -Dsemblance.fuzz.inputs=200000} tries more files, {@code -Dsemblance.fuzz.seed=7}
 * others.
 */
class HostileFilesTest {
  private static final int INPUTS = Integer.getInteger("semblance.fuzz.inputs", 3000);
  private static final long SEED = Long.getLong("semblance.fuzz.seed", 1);

  private final Map<String, float[]> weights = TinyBert.weights();

  private interface Reading {
    /** Reads a damaged file, which it first leaves with the witness. */
    void read(Mutator mutator, Witness witness) throws CheckpointException;
  }

  /** Keeps the last file, to be shown when it breaks the reader. */
  private static final class Witness {
    private byte[] file = {};

    byte[] see(byte[] damaged) {
      file = damaged;
      return damaged;
    }
  }

  @Test
  void safetensors() {
    byte[] file = SafetensorsFile.of(weights).toBytes();
    byte[] header = SafetensorsFile.of(Map.of()).toBytes();
    fuzz(
        "safetensors",
        (mutator, witness) ->
            SafetensorsFile.read(witness.see(mutator.damage(mutator.oneIn(10) ? header : file))));
  }

  @Test
  void onnx() {
    byte[] file = OnnxFile.of(weights).toBytes();
    fuzz(
        "ONNX",
        (mutator, witness) ->
            EncoderWeights.readOnnx(
                "fuzzed.onnx",
                TinyBert.offHeap(witness.see(mutator.damage(file))),
                mutator.oneIn(2) ? TinyBert.CONFIG : null));
  }

  @Test
  void tensorFlow() {
    TensorBundleFiles files = TensorBundleFiles.of(weights);
    byte[] index = files.index();
    byte[] data = files.data.toByteArray();
    fuzz(
        "TensorFlow",
        (mutator, witness) -> {
          byte[] damagedIndex = index;
          byte[] damagedData = data;
          if (mutator.oneIn(8)) {
            damagedIndex = mutator.damage(index);
          } else if (mutator.oneIn(8)) {
            damagedData = mutator.damage(data);
          } else if (mutator.oneIn(2)) { // below the checksums of blocks, which hide the rest
            damagedIndex = files.index(block -> mutator.oneIn(3) ? mutator.damage(block) : block);
          } else {
            TensorBundleFiles damaged = new TensorBundleFiles();
            files.entries.forEach(
                (name, entry) ->
                    damaged.entries.put(name, mutator.oneIn(20) ? mutator.damage(entry) : entry));
            damagedIndex = damaged.index();
          }
          TensorBundleFiles.read(witness.see(damagedIndex), damagedData);
        });
  }

  private static void fuzz(String format, Reading reading) {
    Map<String, Integer> outcomes = new TreeMap<>();
    for (int i = 0; i < INPUTS; i++) {
      Witness witness = new Witness();
      String outcome = "read";
      try {
        reading.read(new Mutator(SEED * INPUTS + i), witness);
      } catch (CheckpointException e) {
        outcome = "refused";
      } catch (Throwable e) {
        throw new AssertionError(
            "%s reader, seed %d, input %d: %s"
                .formatted(format, SEED, i, HexFormat.of().formatHex(witness.file)),
            e);
      }
      outcomes.merge(outcome, 1, Integer::sum);
    }
    System.out.println(format + " reader: " + INPUTS + " damaged files tried, " + outcomes);
    assertTrue(outcomes.containsKey("read") && outcomes.containsKey("refused"), outcomes::toString);
  }
}
